import { runCallback } from "../report.ts";
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
  return (direction, message) => {
    const size = message instanceof Uint8Array ? message.length : sizeOf(message);
    runCallback("onMessage", () => onMessage(direction, message, size, session.face), onError);
  };
}
