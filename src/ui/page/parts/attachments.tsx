import type { VNode } from "preact";
import { type Attachment, get, hasApiKey, type Page, query } from "../api.ts";
import { download } from "../download.ts";
import { bytes } from "../format.ts";
import { useLive } from "../live.ts";
import { Act } from "./act.tsx";
import { Failure } from "./notice.tsx";
import { Section } from "./section.tsx";
import { Table } from "./table.tsx";

const LIST = "/v1/private/attachment/list";
/** Pictures that every browser shows. */
const PICTURE = /^image\/(?:png|jpeg|gif|webp|avif|svg\+xml)$/;

/** The files of a trace or span, with those that are pictures; nothing when it has none. */
export function Attachments(props: { kind: "trace" | "span"; id: string; projectId: string }): VNode | null {
  const { kind, id, projectId } = props;
  const { value, error } = useLive(
    id,
    () => {
      // The links of the answer begin with this address, in base64.
      const path = btoa(`${location.origin}/`);
      return get<Page<Attachment>>(LIST + query({ project_id: projectId, entity_type: kind, entity_id: id, path }));
    },
    ({ name }) => name === "attachments:written" || name === "traces:deleted",
  );
  if (value === undefined) return <Failure error={error} />;
  if (value.content.length === 0) return null;
  return (
    <Section title="Attachments">
      <Table heads={["File", { optional: "Type" }, "Size", ""]}>
        {value.content.map(({ file_name, mime_type, file_size, link }) => (
          <tr key={file_name}>
            <td class="text">
              {file_name}
              {/* Pictures are requested without the key. */}
              {PICTURE.test(mime_type) && !hasApiKey() && <img class="picture" src={link} alt={file_name} />}
            </td>
            <td class="optional">{mime_type}</td>
            <td>{bytes(file_size)}</td>
            <td>
              <Act work={() => download(link, file_name)}>Download</Act>
            </td>
          </tr>
        ))}
      </Table>
    </Section>
  );
}
