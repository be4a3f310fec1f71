import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { useOpened } from "../focus.ts";
import { describeFilter, type Filter, NO_VALUE, TRACE_FILTERS } from "../trace-filters.ts";

const FIRST = "name";

/** The filters of a list of traces, each of which can be taken away, and a form that adds one. */
export function FilterBar(props: { filters: readonly Filter[]; onChange: (filters: Filter[]) => void }): VNode {
  const { filters, onChange } = props;
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      {filters.map((filter, index) => (
        <button
          key={index}
          type="button"
          title="Remove this filter"
          onClick={() => onChange(filters.filter((_, other) => other !== index))}
        >
          {describeFilter(filter)} <span aria-hidden="true">✕</span>
        </button>
      ))}
      <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        Filter …
      </button>
      {isOpen && (
        <FilterForm
          onAdd={(filter) => {
            setOpen(false);
            onChange([...filters, filter]);
          }}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}

function FilterForm({ onAdd, onClose }: { onAdd: (filter: Filter) => void; onClose: () => void }): VNode {
  const form = useOpened<HTMLFormElement>(onClose);
  const [name, setName] = useState(FIRST);
  const [operator, setOperator] = useState("contains");
  const field = TRACE_FILTERS[name] ?? { label: name, operators: [] };
  const chosen = field.operators.includes(operator) ? operator : (field.operators[0] ?? "=");
  const submit = (event: Event): void => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const key = data.get("key");
    onAdd({
      field: name,
      operator: chosen,
      value: String(data.get("value") ?? ""),
      ...(typeof key === "string" ? { key } : {}),
    });
  };
  return (
    <form class="toolbar" ref={form} onSubmit={submit}>
      <select aria-label="Field" value={name} onChange={(event) => setName(event.currentTarget.value)}>
        {Object.entries(TRACE_FILTERS).map(([field, { label }]) => (
          <option key={field} value={field}>
            {label}
          </option>
        ))}
      </select>
      {field.key !== undefined && <input name="key" aria-label="Key" placeholder={field.key} required size={10} />}
      <select aria-label="Operator" value={chosen} onChange={(event) => setOperator(event.currentTarget.value)}>
        {field.operators.map((one) => (
          <option key={one} value={one}>
            {one.replaceAll("_", " ")}
          </option>
        ))}
      </select>
      {!NO_VALUE.has(chosen) && <input name="value" aria-label="Value" placeholder={field.hint ?? "value"} required />}
      <button type="submit">Add</button>
    </form>
  );
}
