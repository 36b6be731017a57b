import { connect as connectTcp } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { UnreachableError } from "./errors.ts";

/** Milliseconds between attempts. */
const PAUSE = 100;

/**
 * Waits until a server accepts connections.
 *
 * @param url the server's URL
 * @param time milliseconds that it has to start; 0 for a single attempt
 * @param lost gives an error once the server can't start any more. Default: it always can
 * @throws UnreachableError if it doesn't start in time
 */
export async function awaitServer(
  url: string,
  time: number,
  lost: () => Error | undefined = () => undefined,
): Promise<void> {
  const deadline = performance.now() + time;
  for (;;) {
    try {
      return await attempt(url);
    } catch (error) {
      const failure = lost();
      if (failure !== undefined) throw new UnreachableError(url, failure, "");
      if (performance.now() + PAUSE > deadline) {
        const remedy = time > 0 ? `It had ${time / 1000} s to start; see --wait.` : undefined;
        throw new UnreachableError(url, error, remedy);
      }
      await delay(PAUSE);
    }
  }
}

function attempt(url: string): Promise<void> {
  const { hostname, port, protocol } = new URL(url);
  const isSecure = protocol === "wss:" || protocol === "https:";
  return new Promise((resolve, reject) => {
    const socket = connectTcp({
      host: hostname.replace(/^\[|\]$/g, ""),
      port: port === "" ? (isSecure ? 443 : 80) : Number(port),
      timeout: 5000,
    });
    socket.once("connect", () => {
      socket.destroy();
      resolve();
    });
    socket.once("timeout", () => socket.destroy(new Error("the connection timed out")));
    socket.once("error", reject);
  });
}
