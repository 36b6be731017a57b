import { hand } from "./hand-over.ts";
import type { Call, Capability } from "./records.ts";
import { type Found, type Operation, operationOf, referencesIn } from "./references.ts";
import type { SessionState, Subject } from "./session-state.ts";
import { write } from "./streams.ts";
import { enter, type Result, type SideTables } from "./tables.ts";

export function operation(
  model: SessionState,
  from: SideTables,
  expression: unknown,
  isStreamed: boolean,
  at: number,
  size: number,
): Subject {
  const id = ++from.next;
  const operation = operationOf(expression);
  const target = operation.target === undefined ? undefined : model.at(from, operation.target);
  if (target && "stream" in target) return write(from, id, target.stream, operation, at, size);
  const refs = referencesIn(expression);
  const call = called(model, from, id, operation, refs, isStreamed, at);
  hand(model, from, refs, call, "argument", at);
  return { call, id };
}

function called(
  model: SessionState,
  from: SideTables,
  id: number,
  operation: Operation,
  refs: readonly Found[],
  isStreamed: boolean,
  at: number,
): Call {
  const { store } = model;
  const { hasHistory, latencies } = store;
  if (from.isTripAnswered) {
    from.trip++;
    from.isTripAnswered = false;
  }
  const { waitsFor, used, on } = uses(model, from, operation.target, refs, at);
  const call = model.newCall(from, id, operation, isStreamed, at, from.trip, waitsFor, on);
  if (hasHistory) {
    call.waste = model.wastes[from.side].find(from.trip, at, used, operation.args);
  }
  if (from.side === model.info.recordedBy) call.stack = model.notes.stackOf(call.name);
  else if (model.info.hasNotes) model.notes.wait(call.name, call);
  for (const each of waitsFor) each.pipelined++;
  model.info.calls++;
  latencies.sent(call);
  store.addCall(call);
  const dropped = enter<Result>(from.results, id, { is: "call", call });
  if (dropped?.is === "call") model.ended(dropped.call, "dropped", at);
  return call;
}

/** The calls and capabilities that an operation uses. */
function uses(
  model: SessionState,
  from: SideTables,
  target: number | undefined,
  refs: readonly Found[],
  at: number,
) {
  const waitsFor: Call[] = [];
  const used: Capability[] = [];
  let on: Capability | undefined;
  for (const { tag, id } of refs) {
    if (tag !== "import" && tag !== "pipeline" && tag !== "remap") continue;
    const result = id > 0 ? model.result(from, id) : undefined;
    if (result?.is === "call") waitsFor.push(result.call);
    const capability = id > 0 ? undefined : model.peerOf(from).exports.get(id);
    if (!capability) continue;
    capability.uses++;
    capability.usedAt = at;
    used.push(capability);
    if (id === target && id < 0) on = capability;
  }
  return { waitsFor, used, on };
}

export function pull(model: SessionState, from: SideTables, id: number, at: number): Subject {
  const result = model.result(from, id);
  if (result?.is !== "call") return { id };
  result.call.pulledAt ??= at;
  return { call: result.call, id };
}
