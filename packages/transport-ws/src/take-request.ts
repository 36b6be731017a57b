import {
  type Admitted,
  admitRequest,
  type Refusal,
  reportError,
  type SessionHost,
} from "@capnweb/core/server";
import { asksForWebSocket, upgradeRequired } from "./accept-web-socket.ts";
import type { WebSocketSessionOptions } from "./session.ts";

/**
 * Takes a standard `Request` for a WebSocket from the checks to the session. Never rejects.
 *
 * @param addressOf returns the client's address, if it is known
 * @param accept accepts the WebSocket, and starts the session or tells the refusal. It calls
 *   `leave` once the connection is over
 * @returns a promise of the result of `accept`, or of the response that refuses the request
 */
export async function takeRequest<R>(
  host: SessionHost,
  request: Request,
  addressOf: () => string | undefined,
  { onError }: Pick<WebSocketSessionOptions, "onError">,
  accept: (decided: Refusal | Admitted, leave: () => void) => R,
): Promise<R | Response> {
  if (!asksForWebSocket(request)) return upgradeRequired();
  let leave = () => {};
  try {
    const decision = await admitRequest(host, "websocket", request, addressOf());
    if (decision.response) return decision.response;
    leave = decision.leave;
    return accept(decision.decided, leave);
  } catch (error) {
    leave();
    reportError(error, onError);
    return new Response("The server failed to accept the WebSocket.\n", { status: 500 });
  }
}
