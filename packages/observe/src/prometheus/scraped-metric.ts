import type { Metric, Registry } from "prom-client";

/** One value of a metric, as prom-client prints it. */
export interface Sample {
  /** The name, if it isn't that of the metric: a histogram has three. */
  readonly metricName?: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

export type MetricKind = "counter" | "gauge" | "histogram";

/**
 * A metric whose values are made when they are asked for. Counting a call in prom-client itself
 * takes longer than everything else that observes the call.
 */
export class ScrapedMetric {
  /** Not read-only, because registries of OpenMetrics drop the ending of counters. */
  name: string;
  readonly help: string;
  readonly type: MetricKind;
  readonly aggregator = "sum";
  readonly #samples: () => Iterable<Sample>;

  constructor(name: string, type: MetricKind, help: string, samples: () => Iterable<Sample>) {
    this.name = name;
    this.type = type;
    this.help = help;
    this.#samples = samples;
  }

  async get() {
    const { name, help, type, aggregator } = this;
    return { name, help, type, aggregator, values: [...this.#samples()] };
  }

  /** Does nothing: the values belong to the sessions. */
  reset(): void {}

  /** @throws Error if the registry has a metric of the same name */
  register(registry: Registry): void {
    registry.registerMetric(this as unknown as Metric<string>);
  }
}
