import { callOptions, currentCall, RpcTarget } from "@capnweb/core";
import { attachWebSocketRpc, newWebSocketRpcSession } from "@capnweb/transport-ws/node";
import { createORPCClient } from "@orpc/client";
import { RPCLink } from "@orpc/client/fetch";
import { os } from "@orpc/server";
import { RPCHandler } from "@orpc/server/node";
import { createTRPCClient, httpLink } from "@trpc/client";
import { initTRPC } from "@trpc/server";
import { createHTTPHandler } from "@trpc/server/adapters/standalone";
import { listen } from "./listen.ts";

/** A method that starts, and ends when its signal aborts. */
function waitingMethod() {
  let start!: () => void;
  let abort!: () => void;
  const started = new Promise<void>((resolve) => (start = resolve));
  const aborted = new Promise<void>((resolve) => (abort = resolve));
  const run = (signal: AbortSignal) => {
    signal.addEventListener("abort", abort);
    start();
    return aborted;
  };
  return { run, started, aborted };
}

/** Each resolves once the caller's signal has aborted that of the server's method. */
export const CANCELLATIONS: Record<string, () => Promise<void>> = {
  async "@capnweb"() {
    const { run, started, aborted } = waitingMethod();
    class Api extends RpcTarget {
      wait() {
        return run(currentCall().signal);
      }
    }
    const { server, port, close } = await listen();
    attachWebSocketRpc(server, () => new Api());
    const api = newWebSocketRpcSession<Api>(`ws://127.0.0.1:${port}`);
    const controller = new AbortController();
    const options = { signal: controller.signal };
    callOptions(api, options)
      .wait()
      .catch(() => {});
    await started;
    controller.abort();
    await aborted;
    api[Symbol.dispose]();
    await close();
  },
  async tRPC() {
    const { run, started, aborted } = waitingMethod();
    const { router, procedure } = initTRPC.create();
    const app = router({ wait: procedure.query(({ signal }) => run(signal!)) });
    const { server, port, close } = await listen();
    server.on("request", createHTTPHandler({ router: app }));
    const links = [httpLink({ url: `http://127.0.0.1:${port}` })];
    const client = createTRPCClient<typeof app>({ links });
    const controller = new AbortController();
    client.wait.query(undefined, { signal: controller.signal }).catch(() => {});
    await started;
    controller.abort();
    await aborted;
    await close();
  },
  async oRPC() {
    const { run, started, aborted } = waitingMethod();
    const handler = new RPCHandler({ wait: os.handler(({ signal }) => run(signal!)) });
    const { server, port, close } = await listen();
    server.on("request", (request, response) => {
      void handler.handle(request, response, { context: {} });
    });
    const client: any = createORPCClient(new RPCLink({ url: `http://127.0.0.1:${port}` }));
    const controller = new AbortController();
    client.wait(undefined, { signal: controller.signal }).catch(() => {});
    await started;
    controller.abort();
    await aborted;
    await close();
  },
};
