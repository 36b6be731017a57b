import * as compat from "@capnweb/compat";
import { type Implementation, runScenarios } from "@capnweb/testkit";

/** Runs every scenario of the conformance server at a URL. The same code runs in each runtime. */
export async function runConformance(url: string): Promise<string> {
  let socket: WebSocket;
  await runScenarios(url, {
    implementation: compat as unknown as Implementation,
    connect(session) {
      socket = new WebSocket(session);
      return compat.newWebSocketRpcSession(socket);
    },
    async opened() {
      if (socket.readyState !== WebSocket.CONNECTING) return;
      await new Promise((resolve) => socket.addEventListener("open", resolve));
    },
    quiet: 20,
  });
  return "done";
}
