import { readAnnouncement, type Message as WireMessage } from "@capnweb/wire";
import { answer, failureOf, release } from "./answers.ts";
import { operation, pull } from "./operations.ts";
import { NOTHING, type SessionState, type Subject } from "./session-state.ts";
import { pipe } from "./streams.ts";
import type { SideTables } from "./tables.ts";

type Handler = (
  model: SessionState,
  from: SideTables,
  message: readonly unknown[],
  at: number,
  size: number,
) => Subject;

/** The effect of each kind of message on its session. Each returns the message's subject. */
export const HANDLERS: Readonly<Record<string, Handler>> = {
  push: (model, from, [, expression], at, size) =>
    operation(model, from, expression, false, at, size),
  stream: (model, from, [, expression], at, size) =>
    operation(model, from, expression, true, at, size),
  pull: (model, from, [, id], at) => pull(model, from, id as number, at),
  resolve: (model, from, [, id, expression], at) =>
    answer(model, from, id as number, "resolved", expression, at),
  reject: (model, from, message, at) =>
    readAnnouncement(message as unknown as WireMessage)
      ? announced(model, from, message as unknown as WireMessage)
      : answer(model, from, message[1] as number, "rejected", message[2], at),
  release: (model, from, [, id, count], at) =>
    release(model, from, id as number, count as number, at),
  pipe: (model, from, _message, at) => pipe(model, from, at),
  abort: (model, from, [, expression], at) => abort(model, from, expression, at),
};

/** Notes an announcement, a context, or a cancellation. */
function announced(model: SessionState, from: SideTables, message: WireMessage): Subject {
  const { features, others } = readAnnouncement(message)!;
  if (features) model.info.features[from.side] = features.slice(0, 16).map(String);
  const cancelled = others?.["cancel"];
  const result = typeof cancelled === "number" ? model.result(from, cancelled) : undefined;
  return result?.is === "call" ? { call: result.call, id: result.call.id } : NOTHING;
}

function abort(model: SessionState, from: SideTables, expression: unknown, at: number): Subject {
  const failure = failureOf(expression);
  model.info.reason ??= `${from.side}: ${failure.name}: ${failure.message}`;
  model.problem("session", at, failure, undefined);
  return NOTHING;
}
