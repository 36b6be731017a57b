import { reportError } from "../report.ts";
import type { SessionParts } from "./base-session.ts";
import { sizeOf } from "./message-size.ts";
import type { RpcSessionOptions } from "./options.ts";

/** Receives everything that a session sends and receives. Never throws. */
export type MessageObserver = (direction: "in" | "out", message: unknown) => void;

/** The observer in an application's options, if there is one. */
export function messageObserver(
  { onMessage, onError }: RpcSessionOptions,
  session: Pick<SessionParts, "face">,
): MessageObserver | undefined {
  if (!onMessage) return undefined;
  const fail = (error: unknown) => reportError(error, "onMessage", onError);
  return (direction, message) => {
    // Without a function for each frame, which `runCallback` would need.
    try {
      const size = message instanceof Uint8Array ? message.length : sizeOf(message);
      const result: unknown = onMessage(direction, message, size, session.face);
      if (result instanceof Promise) result.then(undefined, fail);
    } catch (error) {
      fail(error);
    }
  };
}
