import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { get, type SettingList } from "../api.ts";
import { useLive } from "../live.ts";
import { Failure } from "./notice.tsx";
import { Table } from "./table.tsx";

/** Lists every setting with its origin, those that are set first. */
export function Settings(): VNode | null {
  const [isWhole, setWhole] = useState(false);
  const { value, error } = useLive(
    "settings",
    () => get<SettingList>("/__local/settings"),
    () => false,
  );
  if (value === undefined) return <Failure error={error} />;
  const set = value.settings.filter(({ source }) => source !== "default");
  const shown = isWhole ? value.settings : set;
  return (
    <>
      {shown.length === 0 && <p class="faint">Every setting has its default.</p>}
      {shown.length > 0 && (
        <Table heads={["Setting", "Value", { optional: "From" }, "Set by"]}>
          {shown.map(({ name, value, source, environment, flag, description }) => (
            <tr key={name} title={description}>
              <td>{name}</td>
              <td class="mono cut">{value === "" ? "–" : value}</td>
              <td class={source === "default" ? "faint optional" : "optional"}>{source}</td>
              <td class="mono">{flag ?? environment}</td>
            </tr>
          ))}
        </Table>
      )}
      <p>
        <button type="button" onClick={() => setWhole(!isWhole)}>
          {isWhole ? "Only those that are set" : `All ${value.settings.length} settings`}
        </button>
      </p>
    </>
  );
}
