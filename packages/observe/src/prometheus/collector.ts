import type { ScrapedMetric } from "./scraped-metric.ts";

/** Metrics, and the end of their collection. */
export interface Collector {
  readonly metrics: readonly ScrapedMetric[];
  stop(): void;
}
