import { NO_HEADERS, type SessionRequest } from "@capnweb/core/server";
import type { ResumeAttachment } from "@capnweb/resume";
import type { HibernatableWebSocket } from "./shapes.ts";

/** The facts about a client that stay with its WebSocket when the object's memory is dropped. */
export interface KeptClient {
  readonly url: string;
  readonly address: string | undefined;
  readonly identity: string | undefined;
  readonly context: unknown;
  /** The facts about the client's session. */
  readonly attachment: ResumeAttachment;
}

/** The member of a WebSocket's attachment that has our facts. */
const MEMBER = "capnweb";

/** Keeps the facts with the WebSocket. @throws the runtime's error for facts that it can't keep */
export function keepClient(socket: HibernatableWebSocket, client: KeptClient): void {
  socket.serializeAttachment({ [MEMBER]: client });
}

/** The facts that a WebSocket has kept; `undefined` if it belongs to something else. */
export function keptClient(socket: HibernatableWebSocket): KeptClient | undefined {
  const attachment = socket.deserializeAttachment() as { [MEMBER]?: KeptClient } | null;
  return attachment?.[MEMBER];
}

/** The request that a client's WebSocket was accepted for, as far as it is kept. */
export function keptRequest(
  { url, address }: KeptClient,
  socket: HibernatableWebSocket,
): SessionRequest {
  return { medium: "websocket", url, headers: NO_HEADERS, address, source: socket };
}
