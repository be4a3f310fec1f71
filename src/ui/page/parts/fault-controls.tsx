import { Fragment, type VNode } from "preact";
import { useState } from "preact/hooks";
import { type FaultList, get, post, request } from "../api.ts";
import { useLive } from "../live.ts";
import { Act } from "./act.tsx";
import { JsonField } from "./json-field.tsx";
import { Failure } from "./notice.tsx";
import { Table } from "./table.tsx";

const FAULTS = "/__local/faults";
const EXAMPLE = JSON.stringify({ path: "/v1/private/**", status: 503, retryAfter: 1, times: 3 }, null, 2);

/** Faults that are injected into requests: those that are there, presets, and rules of one's own. */
export function FaultControls(): VNode {
  const [rule, setRule] = useState(EXAMPLE);
  const { value, error, refresh } = useLive(
    "faults",
    () => get<FaultList>(FAULTS),
    () => false,
  );
  if (value === undefined) return <Failure error={error} />;
  return (
    <>
      {value.faults.length === 0 && <p class="faint">No faults: every request is answered as it should be.</p>}
      {value.faults.length > 0 && (
        <>
          <Table heads={["Preset", "Rule", "Matched", "Applied", ""]}>
            {value.faults.map(({ id, preset, rule, matched, applied }) => (
              <tr key={id}>
                <td>{preset ?? "–"}</td>
                <td class="mono cut" title={JSON.stringify(rule)}>
                  {JSON.stringify(rule)}
                </td>
                <td>{matched}</td>
                <td>{applied}</td>
                <td>
                  <Act work={() => request("DELETE", `${FAULTS}?id=${encodeURIComponent(id)}`)} onDone={refresh}>
                    Remove
                  </Act>
                </td>
              </tr>
            ))}
          </Table>
          <p class="toolbar">
            <Act work={() => request("DELETE", FAULTS)} onDone={refresh}>
              Remove all
            </Act>
            <button type="button" onClick={refresh}>
              Count again
            </button>
          </p>
        </>
      )}
      <dl class="facts">
        {Object.entries(value.presets).map(([preset, description]) => (
          <Fragment key={preset}>
            <dt>
              <Act work={() => post(FAULTS, { preset })} onDone={refresh}>
                {preset}
              </Act>
            </dt>
            <dd>{description}</dd>
          </Fragment>
        ))}
      </dl>
      <details>
        <summary>A rule of your own</summary>
        <JsonField label="rule" rows={6} defaultValue={rule} onInput={setRule} />
        <Act work={async () => post(FAULTS, JSON.parse(rule))} onDone={refresh}>
          Add the rule
        </Act>
      </details>
    </>
  );
}
