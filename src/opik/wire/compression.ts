import type { CompressionRules } from "../../http/compression.ts";

/** What Opik's server compresses (measured, opik 3.3 row 20); the Python SDK accepts gzip in all of its requests. */
export const OPIK_COMPRESSION: CompressionRules = { methods: new Set(["GET", "POST"]), minBytes: 256 };
