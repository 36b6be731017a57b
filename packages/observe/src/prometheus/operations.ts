import type { OperationKind } from "@capnweb/core";
import type { OperationEvent, Side } from "../channels/events.ts";
import { clock } from "../publish/clock.ts";
import { type Tally, tallies } from "../publish/tally.ts";
import type { Collector } from "./collector.ts";
import { Durations } from "./durations.ts";
import { ScrapedMetric } from "./scraped-metric.ts";

const CALLS = "capnweb_calls_total";
const DURATION = "capnweb_call_duration_seconds";

/** The operations of one side. */
class OperationsOfSide implements Tally {
  readonly side: Side;
  readonly #bounds: readonly number[];
  readonly #calls = new Map<string, Durations>();
  /** The operations that aren't calls, by kind and name. */
  readonly #others = new Map<OperationKind, Map<string, Durations>>();
  pendingCalls = 0;
  pendingChunks = 0;
  /** Operations that began before have been counted by no one. */
  readonly #since = clock.now();

  constructor(side: Side, bounds: readonly number[]) {
    this.side = side;
    this.#bounds = bounds;
  }

  begun({ kind }: OperationEvent): void {
    if (kind === "stream") this.pendingChunks++;
    else this.pendingCalls++;
  }

  over({ kind, method, outcome, duration, startedAt }: OperationEvent): void {
    if (startedAt < this.#since) return;
    if (kind === "stream") this.pendingChunks--;
    else this.pendingCalls--;
    this.#seriesOf(kind, method).add(outcome!, duration! / 1000);
  }

  #seriesOf(kind: OperationKind, method: string): Durations {
    const methods = kind === "call" ? this.#calls : this.#othersOf(kind);
    let series = methods.get(method);
    if (!series) {
      series = new Durations(this.#bounds);
      methods.set(method, series);
    }
    return series;
  }

  #othersOf(kind: OperationKind): Map<string, Durations> {
    let methods = this.#others.get(kind);
    if (!methods) {
      methods = new Map();
      this.#others.set(kind, methods);
    }
    return methods;
  }

  *counts() {
    for (const [labels, series] of this.#all()) {
      for (const [outcome, value] of series.outcomes())
        yield { labels: { ...labels, outcome }, value };
    }
  }

  *durations() {
    for (const [labels, series] of this.#all()) yield* series.samples(DURATION, labels);
  }

  *#all(): Generator<[Record<string, string>, Durations]> {
    for (const [operation, methods] of [["call", this.#calls] as const, ...this.#others]) {
      for (const [method, series] of methods) {
        yield [{ side: this.side, operation, method }, series];
      }
    }
  }
}

/** Metrics of operations: their number, duration, and those under way. */
export function operationMetrics(bounds: readonly number[]): Collector {
  const client = new OperationsOfSide("client", bounds);
  const server = new OperationsOfSide("server", bounds);
  const sides = [client, server];
  const bySide = (count: (each: OperationsOfSide) => number) =>
    sides.map((each) => ({ labels: { side: each.side }, value: count(each) }));
  tallies.client.add(client);
  tallies.server.add(server);
  return {
    metrics: [
      new ScrapedMetric(CALLS, "counter", "Operations that are over, by their outcome.", () =>
        sides.flatMap((each) => [...each.counts()]),
      ),
      new ScrapedMetric(DURATION, "histogram", "Duration of operations.", () =>
        sides.flatMap((each) => [...each.durations()]),
      ),
      new ScrapedMetric(
        "capnweb_pending_calls",
        "gauge",
        "Calls, reads and maps under way. At a client, also those that nothing awaits.",
        () => bySide((each) => each.pendingCalls),
      ),
      new ScrapedMetric(
        "capnweb_stream_chunks_pending",
        "gauge",
        "Chunks in the windows of streams: written, and not yet taken by their readers.",
        () => bySide((each) => each.pendingChunks),
      ),
    ],
    stop() {
      tallies.client.remove(client);
      tallies.server.remove(server);
    },
  };
}
