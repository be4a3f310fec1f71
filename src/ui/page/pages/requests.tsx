import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { type JournaledRequest, PAGE_HEADER } from "../api.ts";
import { duration } from "../format.ts";
import { useRequests } from "../journal.ts";
import { isNarrow } from "../lists/narrow.ts";
import { rowsOf } from "../lists/rows.ts";
import { type Column, VirtualTable } from "../lists/virtual-table.tsx";
import { useParameters } from "../parameters.ts";
import { Heading } from "../parts/heading.tsx";
import { Failure } from "../parts/notice.tsx";
import { describeReason, RequestDetails } from "../parts/request-details.tsx";
import { SearchField } from "../parts/search-field.tsx";
import { Section } from "../parts/section.tsx";
import { Time } from "../parts/time.tsx";

const REFUSED_FROM = 400;
/** What most paths begin with: in a narrow window it would leave no place for the rest. */
const COMMON_PREFIX = /^\/(?:api\/)?(?:v1\/private|sdk\/v1|v1)\//;
const UUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g;
/** How many refused requests are listed first. */
const REFUSED_FIRST = 5;

/** The live request journal: requests with their answers, refused ones first. */
export function RequestsPage(): VNode {
  const { requests, error } = useRequests();
  const [parameters, setParameters] = useParameters();
  const [chosen, setChosen] = useState<number>();
  const search = (parameters["search"] ?? "").toLowerCase();
  const onlyRefused = parameters["only"] === "refused";
  const withPage = parameters["page"] === "shown";
  const isShown = ({ method, path, query = "", headers }: JournaledRequest): boolean =>
    (withPage || headers[PAGE_HEADER] === undefined) && `${method} ${path}${query}`.toLowerCase().includes(search);
  const found = requests.filter(isShown);
  const refused = found.filter(isRefused);
  const request = requests.find(({ sequence }) => sequence === chosen);
  return (
    <>
      <Heading title="Requests" />
      <Failure error={error} />
      <div class="toolbar">
        <SearchField
          label="Method or path"
          value={parameters["search"] ?? ""}
          onSearch={(search) => setParameters({ search })}
        />
        <label>
          <input
            type="checkbox"
            checked={onlyRefused}
            onChange={() => setParameters({ only: onlyRefused ? undefined : "refused" })}
          />{" "}
          refused only
        </label>
        <label>
          <input
            type="checkbox"
            checked={withPage}
            onChange={() => setParameters({ page: withPage ? undefined : "shown" })}
          />{" "}
          with those of this page
        </label>
      </div>
      {request !== undefined && <RequestDetails request={request} onClose={() => setChosen(undefined)} />}
      {refused.length > 0 && !onlyRefused && (
        <Section
          title="Refused"
          aside={
            refused.length > REFUSED_FIRST && (
              <button type="button" onClick={() => setParameters({ only: "refused" })}>
                all {refused.length}
              </button>
            )
          }
        >
          <RequestList label="Refused requests" requests={refused.slice(0, REFUSED_FIRST)} onChoose={setChosen} />
        </Section>
      )}
      <Section title={onlyRefused ? "Refused" : "All"}>
        <RequestList label="Requests" requests={onlyRefused ? refused : found} onChoose={setChosen} />
      </Section>
    </>
  );
}

function shortPath(path: string): string {
  return path.replace(COMMON_PREFIX, "…/").replaceAll(UUID, (id) => `…${id.slice(-4)}`);
}

function isRefused({ status }: JournaledRequest): boolean {
  return status >= REFUSED_FROM;
}

function RequestList(props: {
  label: string;
  requests: readonly JournaledRequest[];
  onChoose: (sequence: number) => void;
}): VNode {
  const columns: ReadonlyArray<Column<JournaledRequest>> = [
    {
      head: "Status",
      width: "72px",
      cell: (request) => (
        <span class={`status ${isRefused(request) ? "bad" : "good"}`}>
          <span aria-hidden="true">{isRefused(request) ? "✕" : "✓"}</span> {request.status}
        </span>
      ),
    },
    {
      head: "Request",
      width: "5fr",
      class: "mono",
      cell: ({ sequence, method, path, query }) => (
        <button type="button" class="bare" title={path + (query ?? "")} onClick={() => props.onChoose(sequence)}>
          {method} {isNarrow.value ? shortPath(path) : path}
          {query}
        </button>
      ),
    },
    { head: "Reason", width: "4fr", isOptional: true, cell: describeReason },
    { head: "Took", width: "80px", cell: ({ duration_ms }) => duration(duration_ms) },
    { head: "Received", width: "110px", isOptional: true, cell: ({ received_at }) => <Time value={received_at} /> },
  ];
  return (
    <VirtualTable
      label={props.label}
      columns={columns}
      rows={rowsOf(props.requests)}
      keyOf={({ sequence }) => sequence}
      empty="No requests yet."
    />
  );
}
