import type { ServerResponse } from "node:http";
import type { Asked } from "../../strait/dispatch/executor.ts";
import type { Caller, Reply } from "../../support/call.ts";
import { acknowledgement, Acknowledgements } from "./acknowledgements.ts";

/** How an executor ends a run: with its answer, with its answer after an event, or with a report before its answer. */
const WAYS = ["answers", "waits", "reports"] as const;
const TRIGGERING_CLIENTS = 3;

interface AcknowledgedRun {
  number: number;
  isEventSent: boolean;
  isCompleted: boolean;
}

/** The clients and the executor of a job, and what servers have acknowledged to them. */
export class RunLoad {
  readonly acknowledgements = new Acknowledgements();
  readonly #call: Caller;
  readonly #jobId: string;
  /** By id. */
  readonly #runs = new Map<string, AcknowledgedRun>();
  /** Numbers of runs whose trigger was sent and not acknowledged. */
  readonly #unacknowledged: number[] = [];
  #nextNumber = 0;
  /** Ids of runs that may wait for an event, which is not acknowledged yet. */
  readonly #waiting = new Set<string>();
  /** Ids of runs of which something was acknowledged since they were last looked at. */
  readonly #fresh = new Set<string>();

  constructor(call: Caller, jobId: string) {
    this.#call = call;
    this.#jobId = jobId;
  }

  /** Ids of the runs whose trigger was acknowledged. */
  get runIds(): string[] {
    return [...this.#runs.keys()];
  }

  /** Executes a run that was pushed. */
  async execute({ headers, body }: Asked, response: ServerResponse): Promise<void> {
    const id = String(headers["x-run-id"]);
    const { number } = JSON.parse(body) as { number: number };
    const report = (path: string, content: object): Promise<Reply | undefined> =>
      acknowledgement(
        this.#call("POST", `/sdk/v1/runs/${id}/${path}`, {
          body: content,
          headers: { authorization: `Bearer ${String(headers["x-run-token"])}` },
        }),
      );
    const way = WAYS[number % WAYS.length];
    if (way === "waits" && headers["x-last-checkpoint"] === undefined) {
      this.#waiting.add(id);
      if (await report("wait-for-event", { event_key: eventKeyOf(id) })) {
        this.acknowledgements.add();
        void this.#sendEvent(id);
      }
      // Without an answer the run either waits or is pushed again.
      response.destroy();
      return;
    }
    if (way === "reports") {
      if (await report("complete", { result: number })) this.#note(id, number, { isCompleted: true });
    }
    response.writeHead(200).end(String(number));
  }

  /** Triggers runs as fast as the server answers, until `signal` is aborted, and then waits for what is under way. */
  async run(signal: AbortSignal): Promise<void> {
    const client = async (): Promise<void> => {
      while (!signal.aborted) await this.#trigger(this.#unacknowledged.pop() ?? this.#nextNumber++);
    };
    await Promise.all([this.sendEvents(), ...Array.from({ length: TRIGGERING_CLIENTS }, client)]);
  }

  /** Triggers again the runs whose trigger was not acknowledged. */
  async triggerUnacknowledged(): Promise<void> {
    for (const number of this.#unacknowledged.splice(0)) await this.#trigger(number);
  }

  /** Sends the events that were not acknowledged. */
  async sendEvents(): Promise<void> {
    await Promise.all([...this.#waiting].map((id) => this.#sendEvent(id)));
  }

  /** @returns a sentence for each acknowledged write that the server does not know of any more */
  async missing(): Promise<string[]> {
    const missing: string[] = [];
    for (const id of this.#fresh) {
      const run = this.#runs.get(id)!;
      const shown = (await this.#call("GET", `/v1/runs/${id}`)).json as { status?: string; result?: unknown };
      const isKept = run.isCompleted ? shown.status === "completed" && shown.result === run.number : "status" in shown;
      const event = run.isEventSent ? await this.#call("GET", `/v1/events/${eventKeyOf(id)}`) : undefined;
      const isEventKept = event === undefined || (event.json as { status?: string }).status === "received";
      if (!isKept || !isEventKept || (run.isEventSent && shown.status === "waiting")) {
        missing.push(`${id} was ${JSON.stringify(run)}, but is ${JSON.stringify(shown)} with the event ${event?.text}`);
      }
      const again = await this.#sendTrigger(run.number);
      if (again === undefined || runIdIn(again) !== id) missing.push(`${id} triggered again gives ${again?.text}`);
    }
    this.#fresh.clear();
    return missing;
  }

  async #trigger(number: number): Promise<void> {
    const answer = await this.#sendTrigger(number);
    if (answer === undefined) this.#unacknowledged.push(number);
    else this.#note(runIdIn(answer), number);
  }

  #sendTrigger(number: number): Promise<Reply | undefined> {
    const headers = { "idempotency-key": `run ${number}` };
    return acknowledgement(
      this.#call("POST", `/v1/jobs/${this.#jobId}/trigger`, { body: { payload: { number } }, headers }),
    );
  }

  async #sendEvent(id: string): Promise<void> {
    const event = this.#call("POST", `/v1/events/${eventKeyOf(id)}/send`, { body: { payload: { for: id } } });
    if ((await acknowledgement(event)) === undefined) return;
    this.#waiting.delete(id);
    const run = this.#runs.get(id);
    if (run !== undefined) this.#note(id, run.number, { isEventSent: true });
  }

  #note(id: string, number: number, news: Partial<AcknowledgedRun> = {}): void {
    // A run may be executed before its trigger is answered.
    const known = this.#runs.get(id) ?? { number, isEventSent: false, isCompleted: false };
    this.#runs.set(id, { ...known, ...news });
    this.#fresh.add(id);
    this.acknowledgements.add();
  }
}

function eventKeyOf(runId: string): string {
  return `go-${runId}`;
}

function runIdIn(answer: Reply): string {
  return (answer.json as { id: string }).id;
}
