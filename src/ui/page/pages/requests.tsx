import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { JournaledRequest } from "../api.ts";
import { duration } from "../format.ts";
import { useRequests } from "../journal.ts";
import { Copy } from "../parts/id.tsx";
import { Json } from "../parts/json.tsx";
import { Failure } from "../parts/notice.tsx";
import { Section } from "../parts/section.tsx";
import { Table } from "../parts/table.tsx";
import { Time } from "../parts/time.tsx";

const REFUSED_FROM = 400;

/** The request journal: what clients asked, as it comes, and what they were answered. */
export function RequestsPage(): VNode {
  const { requests, error } = useRequests();
  const [search, setSearch] = useState("");
  const [onlyRefused, setOnlyRefused] = useState(false);
  const [chosen, setChosen] = useState<number>();
  const shown = requests.filter(
    ({ method, path, status }) =>
      `${method} ${path}`.toLowerCase().includes(search) && (!onlyRefused || status >= REFUSED_FROM),
  );
  const request = requests.find(({ sequence }) => sequence === chosen);
  return (
    <>
      <h1>Requests</h1>
      <Failure error={error} />
      <div class="toolbar">
        <input
          type="search"
          placeholder="Method or path"
          aria-label="Search in the requests"
          onInput={(event) => setSearch(event.currentTarget.value.toLowerCase())}
        />
        <label>
          <input type="checkbox" checked={onlyRefused} onChange={() => setOnlyRefused(!onlyRefused)} /> refused only
        </label>
      </div>
      {request !== undefined && <Details request={request} onClose={() => setChosen(undefined)} />}
      {shown.length === 0 && <p class="faint">No requests.</p>}
      {shown.length > 0 && <RequestTable requests={shown} onChoose={setChosen} />}
    </>
  );
}

function RequestTable(props: { requests: readonly JournaledRequest[]; onChoose: (sequence: number) => void }): VNode {
  return (
    <Table heads={["Status", "Request", "Reason", "Took", "Received"]}>
      {props.requests.map((request) => (
        <tr key={request.sequence}>
          <td>
            <span class={`status ${request.status >= REFUSED_FROM ? "bad" : "good"}`}>
              <span aria-hidden="true">{request.status >= REFUSED_FROM ? "✕" : "✓"}</span> {request.status}
            </span>
          </td>
          <td class="mono">
            <button type="button" class="link" onClick={() => props.onChoose(request.sequence)}>
              {request.method} {request.path}
              {request.query}
            </button>
          </td>
          <td class="cut">{describeReason(request)}</td>
          <td>{duration(request.duration_ms)}</td>
          <td>
            <Time value={request.received_at} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

function describeReason({ reason, nearest_route, fault }: JournaledRequest): string {
  const parts = [reason, nearest_route && `Did you mean ${nearest_route}?`, fault && `fault ${fault}`];
  return parts.filter(Boolean).join(" ");
}

function Details({ request, onClose }: { request: JournaledRequest; onClose: () => void }): VNode {
  return (
    <Section
      title={`${request.method} ${request.path}`}
      aside={
        <span class="toolbar">
          <Copy text={curlOf(request)} label="copy as curl" />{" "}
          <button type="button" onClick={onClose}>
            close
          </button>
        </span>
      }
    >
      <p class="faint">{describeReason(request)}</p>
      <div class="columns">
        <Message title="Request" headers={request.headers} body={request.body?.text} />
        <Message title={`Answer ${request.status}`} headers={request.answer.headers} body={request.answer.body?.text} />
      </div>
    </Section>
  );
}

function Message(props: { title: string; headers: Record<string, string>; body: string | undefined }): VNode {
  return (
    <section>
      <h3>{props.title}</h3>
      <Json value={parsed(props.body)} />
      <details>
        <summary>Headers</summary>
        <Json value={props.headers} />
      </details>
    </section>
  );
}

/** JSON as a value, all else as the text that it is. */
function parsed(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A command for a shell that sends the same request; secrets are not in the journal, and so not here. */
function curlOf({ method, path, query = "", headers, body }: JournaledRequest): string {
  const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
  const type = headers["content-type"];
  return [
    `curl -X ${method} ${quoted(location.origin + path + query)}`,
    ...(type === undefined ? [] : [`-H ${quoted(`content-type: ${type}`)}`]),
    ...(body === undefined ? [] : [`--data-raw ${quoted(body.text)}`]),
  ].join(" ");
}
