import {
  checkMessage,
  type EncodingLevel,
  type Expression,
  type Message,
  type MessageTag,
  ProtocolError,
  parseMessage,
} from "@capnweb/wire";
import { Budget, type BudgetOwner } from "../budget.ts";
import { ErrorHook, type StubHook } from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";
import type { Runtime } from "../model/runtime.ts";
import { Pipe } from "../stream/pipe.ts";
import type { Watched } from "./encode-transaction.ts";
import type { ExportTable } from "./exports.ts";
import type { ImportEntry } from "./import-entry.ts";
import type { ImportTable } from "./imports.ts";
import { sizeOf } from "./message-size.ts";

/** A session, as its messages act on it. */
export interface DispatchTarget extends BudgetOwner {
  readonly runtime: Runtime;
  readonly level: EncodingLevel;
  readonly imports: ImportTable;
  readonly exports: ExportTable;
  evaluate(expression: Expression, budget: Budget): StubHook;
  decode(expression: Expression, budget: Budget): Payload;
  decodeResolution(expression: Expression, budget: Budget): Payload;
  /**
   * Exports a result, which the peer may ask for. Takes over `hook`.
   *
   * @param isCall whether it is that of a call, rather than a reference
   */
  pushed(hook: StubHook, budget: Budget, isCall: boolean): void;
  /** The peer asks for an export. */
  answer(id: number, budget: Budget): void;
  /** The peer made a call whose result it can't refer to. Takes over `hook`. */
  answerOnce(hook: StubHook, budget: Budget): void;
  settle(entry: ImportEntry, hook: StubHook): void;
  settleWith(entry: ImportEntry, payload: Payload): void;
  released(id: number, references: number): void;
  /** The peer rejected an id that isn't known, which may be an announcement. */
  announced(id: number, value: Expression): void;
  watchStream(id: number, stream: Watched): void;
  abortedByPeer(reason: unknown): void;
}

/**
 * Does what a message asks for.
 *
 * @returns the message's budget, if it has one: a release sets off no work
 *
 * @throws ProtocolError, LimitError: the session has to end
 */
export function dispatch(
  session: DispatchTarget,
  message: unknown,
  attached: number,
): Budget | undefined {
  const isText = session.level === "string";
  const checked = isText ? parseMessage(message as string, session.limits) : checkMessage(message);
  if (checked[0] === "release") {
    session.released(checked[1], checked[2]);
    return undefined;
  }
  const budget = new Budget(session, sizeOf(message, session.limits.maxValues) + attached);
  HANDLERS[checked[0]](session, checked as never, budget);
  return budget;
}

type Handlers = {
  readonly [T in Exclude<MessageTag, "release">]: (
    session: DispatchTarget,
    message: Extract<Message, readonly [T, ...unknown[]]>,
    budget: Budget,
  ) => void;
};

/** A reference's tag, id and path. Calls and maps are longer. */
const LONGEST_REFERENCE = 3;

const HANDLERS: Handlers = {
  push(session, [, expression], budget) {
    const isCall = Array.isArray(expression) && expression.length > LONGEST_REFERENCE;
    session.pushed(session.evaluate(expression, budget), budget, isCall);
  },

  pull(session, [, id], budget) {
    session.answer(id, budget);
  },

  resolve(session, [, id, expression], budget) {
    const entry = session.imports.get(id);
    const payload = session.decodeResolution(expression, budget);
    if (entry?.isResolvable === false) {
      payload.dispose();
      throw new ProtocolError(`not a promise that was asked for: ${id}`);
    }
    // What was released while its resolution was on its way; or what the resolution itself
    // introduces, and would hold for ever as a part of itself.
    const isGone = !entry || (!payload.isFlat && session.imports.get(id) !== entry);
    if (isGone) payload.dispose();
    else session.settleWith(entry, payload);
  },

  reject(session, [, id, expression], budget) {
    const entry = session.imports.get(id);
    if (!entry) {
      session.announced(id, expression);
      return;
    }
    const payload = session.decode(expression, budget);
    session.settle(entry, new ErrorHook(payload.value));
    payload.dispose();
  },

  stream(session, [, expression], budget) {
    session.answerOnce(session.evaluate(expression, budget), budget);
  },

  pipe(session) {
    const pipe = new Pipe(session.runtime);
    session.watchStream(session.exports.addPipe(pipe), pipe);
  },

  abort(session, [, expression], budget) {
    const payload = session.decode(expression, budget);
    session.abortedByPeer(payload.value);
    // A reason gives nothing away.
    payload.dispose();
  },
};
