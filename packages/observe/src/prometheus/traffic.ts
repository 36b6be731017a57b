import type { ConnectEvent, LimitEvent } from "../channels/events.ts";
import { channels } from "../channels/index.ts";
import { type TrafficTally, tallies } from "../publish/tally.ts";
import type { Collector } from "./collector.ts";
import { Counts } from "./counts.ts";
import { ScrapedMetric } from "./scraped-metric.ts";

/** The traffic of one direction. */
class Traffic {
  frames = 0;
  bytes = 0;
  /** The capabilities that were said to be broken. */
  broken = 0;
}

/** Metrics of frames: their number and size, and the capabilities that they say are broken. */
export function trafficMetrics(): Collector {
  const received = new Traffic();
  const sent = new Traffic();
  // Engines look up a computed key in a table of the process.
  const of = (direction: "in" | "out") => (direction === "in" ? received : sent);
  const tally: TrafficTally = {
    frame(direction, size) {
      const traffic = of(direction);
      traffic.frames++;
      traffic.bytes += size;
    },
    broken(direction) {
      of(direction).broken++;
    },
  };
  const byDirection = (value: (traffic: Traffic) => number) => [
    { labels: { direction: "in" }, value: value(received) },
    { labels: { direction: "out" }, value: value(sent) },
  ];
  tallies.traffic.add(tally);
  return {
    metrics: [
      new ScrapedMetric(
        "capnweb_frames_total",
        "counter",
        "Frames, each of which carries one or more messages, or bytes.",
        () => byDirection(({ frames }) => frames),
      ),
      new ScrapedMetric(
        "capnweb_traffic_bytes_total",
        "counter",
        "UTF-16 code units of text, and bytes of binary frames.",
        () => byDirection(({ bytes }) => bytes),
      ),
      new ScrapedMetric(
        "capnweb_broken_capabilities_total",
        "counter",
        "Capabilities and promises passed by reference that failed under a healthy session.",
        () => byDirection(({ broken }) => broken),
      ),
    ],
    stop: () => tallies.traffic.remove(tally),
  };
}

/** Metrics of rare events: limits that were exceeded, and connections that came back. */
export function eventMetrics(): Collector {
  const limits = new Counts("limit");
  const connects = new Counts("outcome", ["opened", "resumed", "restored", "closed"]);
  const exceeded = ({ limit }: LimitEvent) => limits.add(limit);
  const connected = { asyncEnd: ({ outcome }: ConnectEvent) => connects.add(outcome!) };
  channels.limit.subscribe(exceeded);
  channels.connect.subscribe(connected);
  return {
    metrics: [
      new ScrapedMetric(
        "capnweb_limits_exceeded_total",
        "counter",
        "Limits that peers have exceeded.",
        () => limits.samples(),
      ),
      new ScrapedMetric(
        "capnweb_connects_total",
        "counter",
        "Connections that opened, came back or were closed, by outcome.",
        () => connects.samples(),
      ),
    ],
    stop() {
      channels.limit.unsubscribe(exceeded);
      channels.connect.unsubscribe(connected);
    },
  };
}
