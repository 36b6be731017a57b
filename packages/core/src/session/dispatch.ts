import {
  checkMessage,
  type Message,
  type MessageTag,
  ProtocolError,
  parseMessage,
} from "@capnweb/wire";
import { Budget } from "../budget.ts";
import { ErrorHook } from "../model/hook.ts";
import { Pipe } from "../stream/pipe.ts";
import { sizeOf } from "./message-size.ts";
import type { Session } from "./session.ts";

/**
 * Does what a message asks for.
 *
 * @returns the message's budget, if it has one: a release sets off no work
 *
 * @throws ProtocolError, LimitError: the session has to end
 */
export function dispatch(session: Session, message: unknown, attached: number): Budget | undefined {
  const isText = session.level === "string";
  const checked = isText ? parseMessage(message as string, session.limits) : checkMessage(message);
  if (checked[0] === "release") {
    session.released(checked[1], checked[2]);
    return undefined;
  }
  const budget = new Budget(session, sizeOf(message) + attached);
  HANDLERS[checked[0]](session, checked as never, budget);
  return budget;
}

type Handlers = {
  readonly [T in Exclude<MessageTag, "release">]: (
    session: Session,
    message: Extract<Message, readonly [T, ...unknown[]]>,
    budget: Budget,
  ) => void;
};

const HANDLERS: Handlers = {
  push(session, [, expression], budget) {
    session.pushed(session.evaluate(expression, budget), budget);
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
    // What was released while its resolution was on its way; or what the resolution itself introduces,
    // and would hold for ever as a part of itself.
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
