import type { State } from "../admin/schema.ts";
import type { Call, Reply } from "./call.ts";
import { findOne, isUuid, NotFoundError } from "./matching.ts";
import type { PlainSpan, PlainTrace } from "./plain.ts";

const API = "/api/v1/private";

/** How many traces of each project are searched, and how many spans of a trace are read at once. */
const MAX_SEARCHED = 1_000;
const PAGE_SIZE = 1_000;

/** The traces of agents. */
export class ClientTraces {
  readonly #call: Call;
  readonly #state: () => Promise<State>;

  constructor(call: Call, state: () => Promise<State>) {
    this.#call = call;
    this.#state = state;
  }

  async get(id: string): Promise<PlainTrace> {
    return (await this.reply(id)).json();
  }

  /** The trace as the server has written it. */
  reply(id: string): Promise<Reply> {
    return this.#call("GET", `${API}/traces/${encodeURIComponent(id)}`);
  }

  /** The newest traces, newest first. @param project name of the only project */
  async list({ project, limit }: { project?: string | undefined; limit: number }): Promise<PlainTrace[]> {
    const { projects } = await this.#state();
    const wanted = project === undefined ? projects : [findOne(projects, project, "project", ({ name }) => name)];
    const lists = await Promise.all(
      wanted.map(async ({ id }) => {
        const query = { project_id: id, size: limit };
        return (await this.#call("GET", `${API}/traces`, { query })).json<{ content: PlainTrace[] }>().content;
      }),
    );
    return lists
      .flat()
      .toSorted((a, b) => (a.id < b.id ? 1 : -1))
      .slice(0, limit);
  }

  /** The spans of a trace, oldest first. */
  async spans({ id, project_id }: Pick<PlainTrace, "id" | "project_id">): Promise<PlainSpan[]> {
    const spans: PlainSpan[] = [];
    for (let page = 1; ; page += 1) {
      const query = { project_id, trace_id: id, page, size: PAGE_SIZE };
      const { content, total } = (await this.#call("GET", `${API}/spans`, { query })).json<{
        content: PlainSpan[];
        total: number;
      }>();
      spans.push(...content);
      if (page * PAGE_SIZE >= total) return spans.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    }
  }

  /**
   * Finds the trace that a text means: an id, its beginning or end, `0197…c3f1`, its name, or `last` for the newest.
   * @throws NotFoundError when there is none, or several
   */
  async find(text: string): Promise<PlainTrace> {
    if (isUuid(text)) return this.get(text);
    const traces = await this.list({ limit: text === "last" ? 1 : MAX_SEARCHED });
    const [newest] = traces;
    if (text !== "last") return findOne(traces, text, "trace", ({ name }) => name);
    if (newest === undefined) throw new NotFoundError("There are no traces.");
    return newest;
  }
}
