import { RawJson } from "../../../../core/json.ts";
import { lookUp } from "../../../../core/look-up.ts";
import type { JsonFields } from "./values.ts";

/** A model and the company that runs it, as OpenTelemetry names them. */
export interface Model {
  model: string | undefined;
  provider: string | undefined;
}

/** Names of providers in OpenTelemetry's conventions, and what Opik calls them. */
const ALIASES: Readonly<Record<string, string>> = {
  vertex_ai: "google_vertexai",
  "gcp.vertex_ai": "google_vertexai",
  "gcp.gemini": "google_ai",
  google_ai_gemini: "google_ai",
  "az.ai.openai": "azure",
  "azure.ai.openai": "azure",
  "aws.bedrock": "bedrock",
  bedrock_converse: "bedrock",
  amazon_bedrock: "bedrock",
  mistral_ai: "mistral",
  x_ai: "xai",
  open_ai: "openai",
};

/** Names that mean either of Google's two services. */
const GOOGLE: ReadonlySet<string> = new Set(["google", "gcp.gen_ai"]);

/** Prefixes of models of the Elastic Inference Service, with the provider that each stands for. */
const ELASTIC_PREFIXES: Readonly<Record<string, { provider: string; isKept?: true }>> = {
  jina: { provider: "jina_ai", isKept: true },
  google: { provider: "google_ai" },
  microsoft: { provider: "azure" },
};

/** The providers that some instrumentations name by the host of their API. */
const BY_HOST: ReadonlySet<string> = new Set([
  "ai21",
  "anthropic",
  "cerebras",
  "deepseek",
  "fireworks_ai",
  "groq",
  "inception",
  "mistral",
  "moonshot",
  "morph",
  "nebius",
  "openai",
  "perplexity",
  "sambanova",
  "xai",
]);

/** `api.x.ai`, `cerebras.ai`: a domain, or its subdomain `api`. */
const API_HOST = /^(?:api\.)?([a-z\d-]+)\.([a-z]{2,})\.?$/;

/** Domains that do not exist on the internet. */
const PRIVATE_DOMAINS: ReadonlySet<string> = new Set(["internal", "local", "localhost", "lan", "test", "example"]);

/**
 * Names a provider as Opik does, so that a price is found [opik 7.16].
 * @param metadata of the span; receives what was named otherwise
 */
export function resolveModel(given: Model, metadata: JsonFields): Model {
  const { model, provider } = ofElastic(given, metadata);
  const name = provider?.trim();
  if (name === undefined || name === "") return { model, provider };
  const renamed = lookUp(ALIASES, name.toLowerCase()) ?? name;
  const known = GOOGLE.has(renamed.toLowerCase()) ? googleProvider(metadata) : renamed;
  if (known === "google_vertexai" && /^(?:[^/]*\/)?claude/i.test(model ?? ""))
    return { model, provider: "anthropic_vertexai" };
  return { model, provider: ofHost(known) };
}

/** The Elastic Inference Service names models `<provider>-<model>`. */
function ofElastic({ model, provider }: Model, metadata: JsonFields): Model {
  const [, prefix, rest] = /^([^-]+)-(.*)$/s.exec(model ?? "") ?? [];
  const isElastic = provider?.toLowerCase() === "elastic";
  if (!isElastic || model === undefined || prefix === undefined) return { model, provider };
  metadata.set("eis_original_system", RawJson.of(provider));
  metadata.set("eis_original_model", RawJson.of(model));
  const name = prefix.toLowerCase();
  const { provider: actual, isKept = false } = lookUp(ELASTIC_PREFIXES, name) ?? { provider: name };
  return { model: isKept ? model : rest, provider: actual };
}

function googleProvider(metadata: JsonFields): string {
  const address = metadata.get("server.address")?.text.toLowerCase() ?? "";
  return address.includes("aiplatform.googleapis.com") ? "google_vertexai" : "google_ai";
}

function ofHost(provider: string): string {
  const [, name = "", domain = ""] = API_HOST.exec(provider.toLowerCase()) ?? [];
  if (PRIVATE_DOMAINS.has(domain)) return provider;
  return [name, `${name}_${domain}`, `${name}${domain}`].find((candidate) => BY_HOST.has(candidate)) ?? provider;
}
