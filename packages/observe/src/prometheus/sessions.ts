import { RpcSession } from "@capnweb/core";
import { type StreamLoad, sessionLoad, streamLoad } from "@capnweb/core/server";
import type { SessionEvent } from "../channels/events.ts";
import { channels } from "../channels/index.ts";
import { errorTypes } from "../names/error-types.ts";
import type { Collector } from "./collector.ts";
import { type Sample, ScrapedMetric } from "./scraped-metric.ts";

/** The sessions of one medium, at the moment of a scrape. */
interface Load {
  sessions: number;
  imports: number;
  exports: number;
  heldBytes: number;
}

/** Metrics of sessions: those that are open, and what they hold. */
export function sessionMetrics(): Collector {
  const open = new Set<SessionEvent>();
  const started = new Map<string, number>();
  const ended = new Map<string, Map<string, number>>();
  const subscribers = {
    start(event: SessionEvent) {
      open.add(event);
      started.set(event.medium, (started.get(event.medium) ?? 0) + 1);
    },
    asyncEnd(event: SessionEvent) {
      if (!open.delete(event)) return;
      const reasons = ended.get(event.medium) ?? new Map<string, number>();
      ended.set(event.medium, reasons);
      const reason = errorTypes.of(event.reason);
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    },
  };
  channels.session.subscribe(subscribers);
  const gauge = (name: string, help: string, value: (load: Load) => number) =>
    new ScrapedMetric(name, "gauge", help, () => {
      const loads = loadsOf(open, started.keys());
      return [...loads].map(([medium, load]) => ({ labels: { medium }, value: value(load) }));
    });
  const ofStreams = (name: string, help: string, value: (load: StreamLoad) => number) =>
    new ScrapedMetric(name, "gauge", help, () => [{ labels: {}, value: value(streamLoad()) }]);
  return {
    metrics: [
      ofStreams(
        "capnweb_streams",
        "Streams that the process writes to peers.",
        ({ streams }) => streams,
      ),
      ofStreams(
        "capnweb_stream_window_bytes",
        "The windows of these streams together: bytes that may be in flight.",
        ({ window }) => window,
      ),
      ofStreams(
        "capnweb_stream_in_flight_bytes",
        "Bytes in these windows: sent, and not yet taken by their readers.",
        ({ inFlight }) => inFlight,
      ),
      gauge("capnweb_sessions", "Sessions that are open.", ({ sessions }) => sessions),
      gauge("capnweb_imports", "References to objects of peers.", ({ imports }) => imports),
      gauge("capnweb_exports", "References that peers hold.", ({ exports }) => exports),
      gauge(
        "capnweb_held_bytes",
        "Bytes buffered for peers, as limits.maxHeldBytes counts them. Only sessions of servers.",
        ({ heldBytes }) => heldBytes,
      ),
      new ScrapedMetric("capnweb_sessions_started_total", "counter", "Sessions that started.", () =>
        [...started].map(([medium, value]) => ({ labels: { medium }, value })),
      ),
      new ScrapedMetric("capnweb_sessions_ended_total", "counter", "Sessions that ended.", () =>
        endedSamples(ended),
      ),
    ],
    stop: () => channels.session.unsubscribe(subscribers),
  };
}

function* endedSamples(ended: Map<string, Map<string, number>>): Generator<Sample> {
  for (const [medium, reasons] of ended) {
    for (const [reason, value] of reasons) yield { labels: { medium, reason }, value };
  }
}

function loadsOf(open: Iterable<SessionEvent>, media: Iterable<string>): Map<string, Load> {
  const loads = new Map<string, Load>();
  for (const medium of media) {
    loads.set(medium, { sessions: 0, imports: 0, exports: 0, heldBytes: 0 });
  }
  for (const { session, medium } of open) {
    const load = loads.get(medium)!;
    const { imports, exports } = session.getStats();
    load.sessions++;
    load.imports += imports;
    load.exports += exports;
    if (session instanceof RpcSession) load.heldBytes += sessionLoad(session).heldBytes;
  }
  return loads;
}
