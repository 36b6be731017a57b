import { checkMessage, type Message, type MessageTag, parseMessage } from "@capnweb/wire";
import { ErrorHook } from "../hook.ts";
import { WritableHook } from "../stream/writable-hook.ts";
import type { Session } from "./session.ts";

/**
 * Does what a message asks for.
 *
 * @throws ProtocolError, LimitError: the session has to end
 */
export function dispatch(session: Session, message: unknown): void {
  const checked =
    session.level === "string"
      ? parseMessage(message as string, session.limits)
      : checkMessage(message);
  HANDLERS[checked[0]](session, checked as never);
}

type Handlers = {
  readonly [T in MessageTag]: (
    session: Session,
    message: Extract<Message, readonly [T, ...unknown[]]>,
  ) => void;
};

const HANDLERS: Handlers = {
  push(session, [, expression]) {
    session.exports.addForPeer(session.evaluate(expression));
  },

  pull(session, [, id]) {
    session.answer(id);
  },

  resolve(session, [, id, expression]) {
    const payload = session.decode(expression);
    const entry = session.imports.get(id);
    // What was released while its resolution was on its way.
    if (!entry) payload.dispose();
    else session.settle(entry, session.runtime.hookOfPayload(payload));
  },

  reject(session, [, id, expression]) {
    const entry = session.imports.get(id);
    if (!entry) {
      session.announced(id, expression);
      return;
    }
    const payload = session.decode(expression);
    session.settle(entry, new ErrorHook(payload.value));
    payload.dispose();
  },

  release(session, [, id, references]) {
    session.exports.release(id, references);
  },

  stream(session, [, expression]) {
    session.answerOnce(session.evaluate(expression));
  },

  pipe(session) {
    const { readable, writable } = new TransformStream();
    const id = session.exports.addForPeer(WritableHook.of(session.runtime, writable));
    session.exports.entry(id)!.readable = readable;
  },

  abort(session, [, expression]) {
    const payload = session.decode(expression);
    session.abortedByPeer(payload.value);
    // A reason gives nothing away.
    payload.dispose();
  },
};
