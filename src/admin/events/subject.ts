import type { CommittedEvent } from "../../core/events.ts";

/** What an event is about: ids, as far as its payload names them. */
export interface EventSubject {
  workspace?: string;
  /** Of Opik or of executor runs. */
  project?: string;
  runner?: string;
  /** Of Opik or of executor runs. */
  job?: string;
  run?: string;
}

/** The parts of payloads that contain ids. */
const PARTS = ["job", "run", "command", "delivery", "event"] as const;

/** Finds out what an event is about. */
export function subjectOf({ name, workspace, payload }: CommittedEvent): EventSubject {
  const about = (kind: string): boolean => name.startsWith(`${kind}:`);
  const part = (of: (typeof PARTS)[number], field: string): string | undefined => text(read(payload, of), field);
  const own = (field: string): string | undefined => text(payload, field);
  const anywhere = (field: string): string | undefined =>
    own(field) ?? PARTS.map((of) => part(of, field)).find((found) => found !== undefined);
  return defined({
    workspace,
    project: about("project") ? own("id") : anywhere("project_id"),
    runner: about("runner") ? own("id") : anywhere("runner_id"),
    job: part("job", "id") ?? (name === "run:job:deleted" ? own("id") : anywhere("job_id")),
    run: part("run", "id") ?? anywhere("run_id"),
  });
}

function read(value: unknown, field: string): unknown {
  return typeof value === "object" && value !== null ? Object.getOwnPropertyDescriptor(value, field)?.value : undefined;
}

function text(value: unknown, field: string): string | undefined {
  const found = read(value, field);
  return typeof found === "string" && found !== "" ? found : undefined;
}

function defined(subject: Readonly<Record<keyof EventSubject, string | undefined>>): EventSubject {
  return Object.fromEntries(Object.entries(subject).filter(([, id]) => id !== undefined));
}
