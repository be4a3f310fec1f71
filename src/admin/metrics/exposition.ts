import type { Metric } from "./counters.ts";

/**
 * Writes metrics in Prometheus' text format, version 0.0.4. prom-client is loaded with the first call: that takes as long as
 * the start of the server, and most servers are never asked. It only writes, because counting with it costs twenty times as
 * much as `counters.ts`.
 */
export async function writeMetrics(metrics: readonly Metric[]): Promise<string> {
  const { AggregatorRegistry } = await import("prom-client");
  // Of metrics that were counted elsewhere, such as in a worker. Nothing gets into prom-client's registry of the process.
  const readings = metrics.map((metric) => ({ ...metric.read(), aggregator: "sum" }));
  return AggregatorRegistry.aggregate([readings]).metrics();
}
