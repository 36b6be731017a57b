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
  push(session, message) {
    session.exports.addForPeer(session.evaluate(message[1]));
  },

  pull(session, message) {
    session.answer(message[1]);
  },

  resolve(session, message) {
    const payload = session.decode(message[2]);
    const entry = session.imports.get(message[1]);
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

  release(session, message) {
    session.exports.release(message[1], message[2]);
  },

  stream(session, message) {
    session.answerOnce(session.evaluate(message[1]));
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
