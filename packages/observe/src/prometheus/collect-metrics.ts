import { checkOptions, type OptionRules, optionRules } from "@capnweb/core/options";
import { type Registry, register } from "prom-client";
import { operationMetrics } from "./operations.ts";
import { sessionMetrics } from "./sessions.ts";
import { eventMetrics, trafficMetrics } from "./traffic.ts";

/** Options of {@link collectMetrics}. */
export interface CollectMetricsOptions {
  /** The registry that gets the metrics. Default: the global one of prom-client. */
  registry?: Registry | undefined;
  /** The bounds of the durations' buckets, in seconds, ascending. Default: 1 ms to 10 s. */
  buckets?: readonly number[] | undefined;
}

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const RULES: OptionRules<CollectMetricsOptions> = {
  registry: optionRules.object,
  buckets: {
    must: "an ascending list of numbers",
    allows: (value) =>
      Array.isArray(value) &&
      value.every((each, i) => typeof each === "number" && (i === 0 || each > value[i - 1])),
  },
};

/**
 * Collects metrics of all sessions with the options of `observe()` that start from now on.
 * docs/observe.md lists them. Names of methods and types of errors become labels only if they
 * exist in this process, so peers can't fill the store.
 *
 * @returns a function that ends the collection. The metrics keep their last values, and stay in the
 *   registry
 * @throws TypeError for an unknown option or a wrong value
 * @throws Error if the registry has such metrics already
 *
 * @example
 * ```ts
 * collectMetrics();
 * createServer(async (_request, response) => {
 *   response.setHeader("content-type", register.contentType);
 *   response.end(await register.metrics());
 * }).listen(9090);
 * ```
 */
export function collectMetrics(options: CollectMetricsOptions = {}): () => void {
  checkOptions("collectMetrics()", options, RULES);
  const { registry = register, buckets = BUCKETS } = options;
  const collectors = [
    operationMetrics(buckets),
    sessionMetrics(),
    trafficMetrics(),
    eventMetrics(),
  ];
  const stop = () => {
    for (const collector of collectors) collector.stop();
  };
  const registered: string[] = [];
  try {
    for (const metric of collectors.flatMap(({ metrics }) => metrics)) {
      metric.register(registry);
      registered.push(metric.name);
    }
  } catch (error) {
    stop();
    for (const name of registered) registry.removeSingleMetric(name);
    throw error;
  }
  return stop;
}
