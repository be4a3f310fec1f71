import { configWith, type Config } from "../../src/config.ts";
import { createIdSource } from "../../src/core/ids.ts";
import { VirtualClock } from "../../src/core/virtual-clock.ts";
import { createOpikLocal, type OpikLocalParts } from "../../src/server.ts";

/** What a request was answered. */
export interface Answered {
  status: number;
  headers: Headers;
  text: string;
  /** The body read as JSON, `undefined` when it is not. */
  // oxlint-disable-next-line typescript/no-explicit-any
  json: any;
}

/** A server on a virtual clock, without a socket, and a way to ask it. */
export interface StraitWorld extends AsyncDisposable {
  server: OpikLocalParts;
  clock: VirtualClock;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answered>;
  /** Makes a job and gives its id. */
  job(definition?: Record<string, unknown>): Promise<string>;
}

export function createStraitWorld(config: Partial<Config> = {}): StraitWorld {
  const clock = new VirtualClock();
  const server = createOpikLocal({
    config: configWith({ database: ":memory:", ...config }),
    clock,
    ids: createIdSource(clock, "runs"),
  });
  const call: StraitWorld["call"] = async (method, path, body, headers = {}) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const response = await server.app.request(path, {
      method,
      headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
      ...(body === undefined ? {} : { body: text }),
    });
    const answer = await response.text();
    return { status: response.status, headers: response.headers, text: answer, json: parse(answer) };
  };
  let jobs = 0;
  return {
    server,
    clock,
    call,
    job: async (definition = {}) => {
      jobs += 1;
      const made = await call("POST", "/v1/jobs", {
        name: `job ${jobs}`,
        slug: `job-${jobs}`,
        endpoint_url: "http://127.0.0.1:9/executor",
        ...definition,
      });
      if (made.status !== 201) throw new Error(made.text);
      return made.json.id as string;
    },
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
