import type { Fault } from "../admin/faults/schema.ts";
import type { Call } from "./call.ts";

const FAULTS = "/__local/faults";

/** The faults in use, and the descriptions of the presets by name. */
export interface FaultList {
  faults: Fault[];
  presets: Readonly<Record<string, string>>;
}

/** The faults of a server. */
export class ClientFaults {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /** Adds a fault, or those of a preset; the server checks it. @returns what was added */
  async add(fault: unknown): Promise<Fault[]> {
    return (await this.#call("POST", FAULTS, { body: fault })).json<FaultList>().faults;
  }

  async list(): Promise<FaultList> {
    return (await this.#call("GET", FAULTS)).json();
  }

  /** Removes a fault. @throws RefusedError 404 when there is none with this id */
  async remove(id: string): Promise<void> {
    await this.#call("DELETE", FAULTS, { query: { id } });
  }

  /** Removes all faults. */
  async clear(): Promise<void> {
    await this.#call("DELETE", FAULTS);
  }
}
