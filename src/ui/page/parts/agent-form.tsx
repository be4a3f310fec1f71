import type { VNode } from "preact";
import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import { type Agent, create, type Runner } from "../api.ts";
import { BASE } from "../base.ts";
import { JsonField } from "./json-field.tsx";
import { Failure } from "./notice.tsx";

type Parameter = NonNullable<NonNullable<Agent["params"]>[number]>;

const NUMBERS = new Set(["number", "float", "integer", "int"]);
const BOOLEANS = new Set(["boolean", "bool"]);
const OBJECTS = new Set(["object", "array", "dict", "list"]);

/** Whether the text of a field is parsed as JSON; otherwise it is sent as text. */
function isJson(type: string): boolean {
  return NUMBERS.has(type) || BOOLEANS.has(type) || OBJECTS.has(type);
}

/** Submits a job to an agent: a field for each declared parameter. */
export function AgentForm(props: { runner: Runner; agent: Agent; inputs?: Record<string, unknown> }): VNode {
  const { runner, agent } = props;
  const { route } = useLocation();
  const [error, setError] = useState<Error>();
  const [sending, setSending] = useState(false);
  const parameters = (agent.params ?? []).filter((parameter) => parameter !== null);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setSending(true);
    setError(undefined);
    try {
      const inputs = readInputs(new FormData(event.target as HTMLFormElement), parameters);
      const body = { agent_name: agent.name, project_id: runner.project_id, inputs };
      route(`${BASE}/jobs/${await create("/v1/private/local-runners/jobs", body)}`);
    } catch (failure) {
      setError(failure as Error);
    }
    setSending(false);
  };
  return (
    <form class="form" onSubmit={(event) => void submit(event)}>
      <h3>{agent.name}</h3>
      {agent.description !== undefined && agent.description !== "" && <p class="faint">{agent.description}</p>}
      {parameters.length === 0 && (
        <JsonField label="inputs" name="input:" defaultValue={JSON.stringify(props.inputs ?? {}, null, 2)} />
      )}
      {parameters.map((parameter) => (
        <Field key={parameter.name} parameter={parameter} value={props.inputs?.[parameter.name ?? ""]} />
      ))}
      <Failure error={error} />
      <button type="submit" disabled={sending}>
        Run {agent.name}
      </button>
    </form>
  );
}

function Field({
  parameter: { name = "", type = "string", presence },
  value,
}: {
  parameter: Parameter;
  value: unknown;
}): VNode {
  const required = presence === "required";
  const text = typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? "");
  const common = { name: `input:${name}`, required };
  const note = required ? type : `${type}, optional`;
  if (OBJECTS.has(type)) return <JsonField {...common} label={name} note={note} rows={4} defaultValue={text} />;
  return (
    <label class="field">
      <span>
        {name} <span class="faint">{note}</span>
      </span>
      {BOOLEANS.has(type) && (
        <select {...common} defaultValue={text}>
          <option value="">–</option>
          <option>true</option>
          <option>false</option>
        </select>
      )}
      {NUMBERS.has(type) && (
        <input {...common} type="number" step={type.startsWith("int") ? "1" : "any"} defaultValue={text} />
      )}
      {!isJson(type) && <textarea {...common} rows={2} defaultValue={text} />}
    </label>
  );
}

/** @throws Error that names the parameter whose JSON is wrong */
function readInputs(form: FormData, parameters: readonly Parameter[]): unknown {
  if (parameters.length === 0) return parse(String(form.get("input:") || "{}"), "inputs");
  const inputs: Record<string, unknown> = {};
  for (const { name = "", type = "string", presence } of parameters) {
    const text = String(form.get(`input:${name}`) ?? "");
    if (text === "" && (type !== "string" || presence !== "required")) continue;
    inputs[name] = isJson(type) ? parse(text, name) : text;
  }
  return inputs;
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
  }
}
