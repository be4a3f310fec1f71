import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Blueprint } from "../api.ts";
import { Diff } from "./diff.tsx";
import { Section } from "./section.tsx";
import { Table } from "./table.tsx";
import { Tabs } from "./tabs.tsx";

/** The values of a blueprint, or how they differ from another one. */
export function ConfigurationValues(props: {
  title: string;
  current: Blueprint;
  before: Blueprint | undefined;
}): VNode {
  const { title, current, before } = props;
  const [view, setView] = useState<"values" | "changes">("values");
  return (
    <Section
      title={title}
      aside={<Tabs label="View" options={["values", "changes"]} chosen={view} onChoose={setView} />}
    >
      {view === "changes" && <Diff before={printed(before)} after={printed(current)} />}
      {view === "values" && (
        <Table heads={["Key", "Value", { optional: "Type" }, { optional: "Description" }]}>
          {current.values.map(({ key, value, type, description }) => (
            <tr key={key}>
              <td class="mono text">{key}</td>
              <td class="mono text">{value}</td>
              <td class="optional">{type}</td>
              <td class="text optional">{description}</td>
            </tr>
          ))}
        </Table>
      )}
    </Section>
  );
}

function printed(blueprint: Blueprint | undefined): string {
  return (blueprint?.values ?? []).map(({ key, value = "" }) => `${key}: ${value}`).join("\n");
}
