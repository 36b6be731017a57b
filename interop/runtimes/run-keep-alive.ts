import { newWebSocketRpcSession } from "@capnweb/transport-ws";

/**
 * Connects with a keep-alive to a server that falls silent, and says nothing itself.
 *
 * @returns the name of the option that ended the session
 */
export async function runKeepAlive(url: string): Promise<string> {
  const ended = new Promise<unknown>((resolve) => {
    newWebSocketRpcSession(url, undefined, {
      keepAlive: { interval: 200, timeout: 2_000 },
      onSession: (session) => void session.onClose(resolve),
    });
  });
  const reason = (await ended) as { readonly limit?: string };
  return reason.limit ?? String(reason);
}
