/**
 * Metrics of Cap'n Web sessions for Prometheus, in a registry of prom-client.
 *
 * @packageDocumentation
 */

export { type CollectMetricsOptions, collectMetrics } from "./collect-metrics.ts";
