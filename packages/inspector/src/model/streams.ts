import type { Side } from "../recording/entry.ts";
import type { Stream } from "./records.ts";
import type { Operation } from "./references.ts";
import type { SessionState, Subject } from "./session-state.ts";
import { enter, type Result, type SideTables } from "./tables.ts";

export function newStream(model: SessionState, by: Side, id: number, at: number): Stream {
  const stream: Stream = {
    key: model.store.nextKey(),
    session: model.info.session,
    by,
    id,
    openedAt: at,
    chunks: 0,
    size: 0,
    waiting: 0,
    waitingSize: 0,
    window: 0,
    lastAt: at,
    endedAt: undefined,
    state: "open",
  };
  model.store.streams.push(stream);
  return stream;
}

export function pipe(model: SessionState, from: SideTables, at: number): Subject {
  const id = ++from.next;
  const stream = newStream(model, from.side, id, at);
  enter<Result>(from.results, id, { is: "pipe", stream });
  return { stream, id };
}

export function write(
  from: SideTables,
  id: number,
  stream: Stream,
  { path: [method] }: Operation,
  at: number,
  size: number,
): Subject {
  enter<Result>(from.results, id, { is: "write", stream, size });
  stream.lastAt = at;
  if (method === "write") {
    stream.chunks++;
    stream.size += size;
    stream.waiting++;
    stream.waitingSize += size;
    stream.window = Math.max(stream.window, stream.waitingSize);
  } else if (stream.endedAt === undefined) {
    stream.endedAt = at;
    stream.state = method === "close" ? "closed" : "failed";
  }
  return { stream, id };
}
