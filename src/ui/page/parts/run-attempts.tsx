import type { VNode } from "preact";
import type { Run, RunAttempt } from "../api.ts";
import { durationBetween } from "../format.ts";
import { Section } from "./section.tsx";
import { Status } from "./status.tsx";
import { Table } from "./table.tsx";
import { Time } from "./time.tsx";

/**
 * The attempts of a run, in order, with their times and errors; nothing for a run that was never tried again.
 * @param earlier those before the present one
 */
export function RunAttempts({ run, earlier }: { run: Run; earlier: readonly RunAttempt[] }): VNode | undefined {
  if (earlier.length === 0) return undefined;
  return (
    <Section title="Attempts">
      <Table
        heads={["Attempt", "Outcome", { optional: "Started" }, { optional: "Ended" }, { optional: "Took" }, "Error"]}
      >
        {[...earlier, presentAttempt(run)].map(
          ({ attempt, status, started_at, finished_at, error, error_class }, index) => (
            <tr key={index}>
              <td>{attempt}</td>
              <td>
                <Status value={status} />
              </td>
              <td class="optional">
                <Time value={started_at} />
              </td>
              <td class="optional">
                <Time value={finished_at} />
              </td>
              <td class="optional">{durationBetween(started_at, finished_at)}</td>
              <td class="text">
                {error} {error_class !== undefined && <span class="faint">({error_class})</span>}
              </td>
            </tr>
          ),
        )}
      </Table>
    </Section>
  );
}

type PresentAttempt = Pick<Run, "attempt" | "status" | "started_at" | "finished_at" | "error" | "error_class">;

/** The last attempt of a run. One that has not begun begins at `next_retry_at`, and has no error of its own. */
function presentAttempt(run: Run): PresentAttempt {
  const { attempt, status, started_at, next_retry_at } = run;
  return started_at === undefined ? { attempt, status, started_at: next_retry_at } : run;
}
