import type { IncomingMessage } from "node:http";
import type { SessionRequest } from "@capnweb/core/server";

/** Describes a request for a WebSocket to a host of sessions. */
export function requestOf(source: IncomingMessage, address: string | undefined): SessionRequest {
  return {
    medium: "websocket",
    url: source.url ?? "/",
    headers: {
      get(name) {
        const value = source.headers[name.toLowerCase()];
        return Array.isArray(value) ? value.join(", ") : value;
      },
    },
    address,
    source,
  };
}
