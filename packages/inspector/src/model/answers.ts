import { hand, label } from "./hand-over.ts";
import type { Call, Failure, Stream } from "./records.ts";
import { type Found, referencesIn } from "./references.ts";
import type { SessionState, Subject } from "./session-state.ts";
import { enter, MOST_DROPPED, type SideTables } from "./tables.ts";
import { plainText, shortened, writeExpression } from "./text.ts";

export function answer(
  model: SessionState,
  from: SideTables,
  id: number,
  state: "resolved" | "rejected",
  expression: unknown,
  at: number,
): Subject {
  const peer = model.peerOf(from);
  const result = id > 0 ? model.result(peer, id) : undefined;
  const refs = referencesIn(expression);
  if (result?.is === "call") {
    answered(model, from, peer, result.call, state, expression, refs, at);
    return { call: result.call, id };
  }
  if (result) {
    const { stream } = result;
    if (result.is === "write") {
      stream.waiting = Math.max(0, stream.waiting - 1);
      stream.waitingSize = Math.max(0, stream.waitingSize - result.size);
      peer.results.delete(id);
    }
    if (state === "rejected" && stream.state === "open") failed(stream, at);
    return { stream, id };
  }
  const dropped = peer.dropped.get(id);
  if (dropped) {
    peer.dropped.delete(id);
    hand(model, from, refs, dropped, "answer", at);
    if (state === "rejected") model.lostFailure(dropped, failureOf(expression), at);
    return { call: dropped, id };
  }
  const promise = from.exports.get(id);
  hand(model, from, refs, promise?.from, "answer", at);
  return { call: promise?.from, id };
}

function answered(
  model: SessionState,
  from: SideTables,
  peer: SideTables,
  call: Call,
  state: "resolved" | "rejected",
  expression: unknown,
  refs: readonly Found[],
  at: number,
): void {
  if (call.state !== "open") return;
  call.answeredAt = at;
  if (call.trip === peer.trip) peer.isTripAnswered = true;
  if (model.store.hasHistory) {
    call.result = writeExpression(expression);
    if (state === "resolved") model.wastes[peer.side].answered(call, expression);
  }
  if (state === "rejected") {
    const isKnown = call.failure !== undefined;
    call.failure = failureOf(expression);
    if (!isKnown) model.problem("call", at, call.failure, call);
  }
  hand(model, from, refs, call, "answer", at);
  label(model, from, refs, call);
  if (call.isStreamed) {
    peer.results.delete(call.id);
    call.releasedAt = at;
  }
  model.ended(call, state, at);
}

export function release(
  model: SessionState,
  from: SideTables,
  id: number,
  count: number,
  at: number,
): Subject {
  if (id > 0) {
    const result = model.result(from, id);
    from.results.delete(id);
    if (result?.is !== "call") return { stream: result?.stream, id };
    result.call.releasedAt = at;
    if (result.call.state === "open") enter(from.dropped, id, result.call, MOST_DROPPED);
    model.ended(result.call, "dropped", at);
    return { call: result.call, id };
  }
  const peer = model.peerOf(from);
  const capability = peer.exports.get(id);
  if (!capability) return { id };
  capability.count -= count;
  if (capability.count <= 0) {
    capability.count = 0;
    capability.releasedAt = at;
    peer.exports.delete(id);
    peer.writers.delete(id);
  }
  return { call: capability.from, id };
}

function failed(stream: Stream, at: number): void {
  stream.state = "failed";
  stream.endedAt = at;
}

/** Reads the failure in the expression of a `reject` or `abort`. */
export function failureOf(expression: unknown): Failure {
  const [tag, name, message] = Array.isArray(expression) ? (expression as unknown[]) : [];
  if (tag !== "error") return { name: "(a value)", message: writeExpression(expression, 300) };
  return { name: shortened(plainText(name), 120), message: shortened(plainText(message), 500) };
}
