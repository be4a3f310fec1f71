import type { CompressionRules } from "../../http/compression.ts";

/** What Opik's server compresses [opik 1.6]; the Python SDK accepts gzip in all of its requests. */
export const OPIK_COMPRESSION: CompressionRules = { methods: new Set(["GET", "POST"]), minBytes: 256 };
