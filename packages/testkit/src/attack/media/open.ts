import type { Connection, ConnectionEvents, ConnectionOptions, Endpoints } from "./connection.ts";
import { openPort } from "./port.ts";
import { openWebSocket } from "./websocket.ts";
import { openWebTransport } from "./webtransport.ts";

/**
 * Opens a connection in the medium of a target's sessions.
 *
 * @throws Error with the server's reason if it refuses, or if time is over
 */
export function openConnection(
  target: Endpoints,
  events: ConnectionEvents,
  options: ConnectionOptions,
): Promise<Connection> {
  if (target.ws !== undefined) return openWebSocket(target, events, options);
  return (target.wt === undefined ? openPort : openWebTransport)(target, events, options);
}

/** True if a target has sessions, in any medium. */
export function hasSessions({ ws, wt, port }: Pick<Endpoints, "ws" | "wt" | "port">): boolean {
  return ws !== undefined || wt !== undefined || port !== undefined;
}
