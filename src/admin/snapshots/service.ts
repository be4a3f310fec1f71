import type { AdminContext } from "../context.ts";
import { LocalError } from "../errors.ts";
import type { Snapshot } from "./schema.ts";

/** What `PUT /__local/snapshots/:name` keeps. */
interface Kept extends Snapshot {
  image: Buffer;
  time: number;
}

export interface SnapshotServiceDependencies {
  /** Replaces everything by a state, ends what is under way, and sets a virtual clock to its time. */
  restore: (image: Buffer, time: number) => void;
}

const NAME = /^[\w.-]{1,100}$/;

/** All of them are kept in memory. */
const MAX_SNAPSHOTS = 20;

/** Stores states of the server under names, in memory, until it stops. */
export class SnapshotService {
  readonly #context: AdminContext;
  readonly #restore: SnapshotServiceDependencies["restore"];
  readonly #kept = new Map<string, Kept>();

  constructor(context: AdminContext, { restore }: SnapshotServiceDependencies) {
    this.#context = context;
    this.#restore = restore;
  }

  list(): Snapshot[] {
    return [...this.#kept.values()].map(toSnapshot);
  }

  /**
   * Keeps the state as it is, in place of the one that has the name.
   * @throws LocalError 400 for a name that cannot be, 409 when there are too many
   */
  take(name: string): Snapshot {
    if (!NAME.test(name))
      throw new LocalError(400, "The name of a snapshot has 1 to 100 letters, digits, '.', '_' or '-'");
    if (!this.#kept.has(name) && this.#kept.size >= MAX_SNAPSHOTS)
      throw new LocalError(409, `There are ${MAX_SNAPSHOTS} snapshots already: delete one of them`);
    const { clock, database } = this.#context;
    const time = clock.now();
    const image = database.image();
    const kept = { name, now: new Date(time).toISOString(), bytes: image.length, image, time };
    this.#kept.set(name, kept);
    return toSnapshot(kept);
  }

  /** @throws LocalError 422 when there is none with the name */
  restore(name: string): void {
    const { image, time } = this.#require(name);
    this.#restore(image, time);
  }

  /** @throws LocalError 422 when there is none with the name */
  delete(name: string): void {
    this.#require(name);
    this.#kept.delete(name);
  }

  #require(name: string): Kept {
    const kept = this.#kept.get(name);
    if (kept !== undefined) return kept;
    const names = [...this.#kept.keys()];
    throw new LocalError(
      422,
      `There is no snapshot "${name}".${names.length === 0 ? "" : ` The snapshots are ${names.join(", ")}.`}`,
    );
  }
}

function toSnapshot({ name, now, bytes }: Kept): Snapshot {
  return { name, now, bytes };
}
