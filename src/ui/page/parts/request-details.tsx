import type { VNode } from "preact";
import { shellWord } from "../../../core/shell-word.ts";
import type { JournaledRequest } from "../api.ts";
import { useOpened } from "../focus.ts";
import { jsonOrText } from "../format.ts";
import { Copy } from "./id.tsx";
import { Json } from "./json.tsx";
import { Section } from "./section.tsx";

/** Why a request was refused, and what was probably meant. */
export function describeReason({ reason, nearest_route, fault }: JournaledRequest): string {
  const parts = [reason, nearest_route && `Did you mean ${nearest_route}?`, fault && `fault ${fault}`];
  return parts.filter(Boolean).join(" ");
}

/** One request with its answer. */
export function RequestDetails({ request, onClose }: { request: JournaledRequest; onClose: () => void }): VNode {
  const reason = describeReason(request);
  const details = useOpened<HTMLDivElement>(onClose, request.sequence);
  return (
    <div ref={details}>
      <Section
        title={`${request.method} ${request.path}`}
        aside={
          <span class="toolbar">
            <Copy text={curlOf(request)} label="copy as curl" />
            <button type="button" onClick={onClose}>
              close
            </button>
          </span>
        }
      >
        {reason !== "" && <p class="notice">{reason}</p>}
        <div class="columns">
          <Message title="Request" headers={request.headers} body={request.body?.text} />
          <Message
            title={`Answer ${request.status}`}
            headers={request.answer.headers}
            body={request.answer.body?.text}
          />
        </div>
      </Section>
    </div>
  );
}

function Message(props: { title: string; headers: Record<string, string>; body: string | undefined }): VNode {
  return (
    <section>
      <h3>{props.title}</h3>
      <div class="content">
        <Json value={jsonOrText(props.body)} />
        <details>
          <summary class="faint">Headers</summary>
          <Json value={props.headers} />
        </details>
      </div>
    </section>
  );
}

/** A command for a shell that sends the same request; secrets are not in the journal, and so not here. */
function curlOf({ method, path, query = "", headers, body }: JournaledRequest): string {
  const type = headers["content-type"];
  return [
    `curl -X ${method} ${shellWord(location.origin + path + query)}`,
    ...(type === undefined ? [] : [`-H ${shellWord(`content-type: ${type}`)}`]),
    ...(body === undefined ? [] : [`--data-raw ${shellWord(body.text)}`]),
  ].join(" ");
}
