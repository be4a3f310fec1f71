import type { VNode } from "preact";
import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import { type Agent, create, type Runner } from "../api.ts";
import { BASE } from "../base.ts";
import { Failure } from "./notice.tsx";

type Parameter = NonNullable<NonNullable<Agent["params"]>[number]>;

/** Types whose text is parsed as JSON; all others are sent as text. */
const JSON_TYPES = new Set(["number", "float", "integer", "boolean", "object", "array", "dict", "list"]);

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
    <form class="agent" onSubmit={(event) => void submit(event)}>
      <h3>{agent.name}</h3>
      {agent.description !== undefined && agent.description !== "" && <p class="faint">{agent.description}</p>}
      {parameters.length === 0 && <Field parameter={ALL_INPUTS} value={props.inputs} />}
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

/** For an agent that declares no parameters. */
const ALL_INPUTS: Parameter = { name: "", type: "object", presence: "optional" };

function Field({ parameter, value }: { parameter: Parameter; value: unknown }): VNode {
  const type = parameter.type ?? "string";
  const isRequired = parameter.presence === "required";
  const text = typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? "");
  const common = { name: `input:${parameter.name ?? ""}`, required: isRequired };
  return (
    <label class="field">
      <span>
        {parameter.name === "" ? "inputs" : parameter.name} <span class="faint">{type}</span>
        {!isRequired && <span class="faint"> optional</span>}
      </span>
      <FieldInput type={type} common={common} text={text} />
    </label>
  );
}

function FieldInput(props: { type: string; common: { name: string; required: boolean }; text: string }): VNode {
  const { type, common, text } = props;
  if (type === "boolean") {
    return (
      <select {...common} defaultValue={text}>
        <option value="">–</option>
        <option>true</option>
        <option>false</option>
      </select>
    );
  }
  if (["number", "float", "integer"].includes(type)) {
    return <input {...common} type="number" step={type === "integer" ? "1" : "any"} defaultValue={text} />;
  }
  const placeholder = JSON_TYPES.has(type) ? "JSON" : "";
  return <textarea {...common} rows={type === "string" ? 2 : 4} placeholder={placeholder} defaultValue={text} />;
}

/** @throws Error that names the parameter whose JSON is wrong */
function readInputs(form: FormData, parameters: readonly Parameter[]): unknown {
  if (parameters.length === 0) return parse(String(form.get("input:") || "{}"), "inputs");
  const inputs: Record<string, unknown> = {};
  for (const { name = "", type = "string" } of parameters) {
    const text = String(form.get(`input:${name}`) ?? "");
    if (text === "" && type !== "string") continue;
    inputs[name] = JSON_TYPES.has(type) ? parse(text, name) : text;
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
