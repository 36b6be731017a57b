import type { CloseMedium } from "@capnweb/core/server";
import { closeReason } from "./close-reason.ts";

/** The close codes of a server's causes (RFC 6455, 7.4.1). */
export const CLOSE_CODES = { goingAway: 1001, failed: 1011 } as const;

/** Returns the function that closes a server's WebSocket, for a host of sessions. */
export function closeFor(socket: { close(code: number, reason: string): void }): CloseMedium {
  return (cause, reason) => socket.close(CLOSE_CODES[cause], closeReason(reason));
}
