import type { VNode } from "preact";
import { BASE } from "../base.ts";
import type { Happening } from "../run-history.ts";
import { Id } from "./id.tsx";
import { Json } from "./json.tsx";
import { StatusShape } from "./status.tsx";
import { Time } from "./time.tsx";

/** What happened to a run, one below the other. */
export function RunHistory({ happenings }: { happenings: readonly Happening[] }): VNode {
  return (
    <ol class="history content">
      {happenings.map(({ time, status, text, data, runId }, index) => (
        <li key={index}>
          <StatusShape value={status} />
          <span class="when">
            <Time value={time} />
          </span>
          <span class="what">
            {text}
            {runId !== undefined && (
              <>
                {" "}
                <a href={`${BASE}/runs/${runId}`}>open</a> <Id value={runId} />
              </>
            )}
            {data !== undefined && data !== null && (
              <>
                {" "}
                <Json value={data} level={2} />
              </>
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}
