import "./browser-globals.ts";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createApplication, runScenarios, type Implementation as Tested } from "@capnweb/testkit";
import {
  type Scenario,
  type ScenarioResult,
  type ServeOptions,
  type ServerTestOptions,
  serveConformance,
  testServer,
} from "@capnweb/testkit/conformance";
import { WebSocket, WebSocketServer } from "ws";
import type { Implementation } from "./implementation.ts";
import { transports } from "./transports.ts";

/** The scenarios by the names of their files. */
export type Scenarios = ReadonlyMap<string, Scenario>;

/** Starts a session with the peer at the other end of a WebSocket. */
export type StartSession = (socket: WebSocket, main?: unknown) => any;

/** Tests an implementation in this process as a server. */
export async function runServer(
  implementation: Implementation,
  medium: "WebSocket" | "HTTP batch",
  scenarios: Scenarios,
  options: ServerTestOptions,
): Promise<ScenarioResult[]> {
  const running = await transports[medium]!(implementation, implementation, () =>
    createApplication(implementation),
  );
  try {
    return await testServer(running.url!, [...scenarios.values()], options);
  } finally {
    await running.stop();
  }
}

/** Tests a server in this process whose sessions begin in a way of their own. */
export async function runServerWith(
  implementation: Tested,
  start: StartSession,
  scenarios: Scenarios,
  options: ServerTestOptions,
): Promise<ScenarioResult[]> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  server.on("connection", (socket) => start(socket, createApplication(implementation)));
  const { port } = server.address() as AddressInfo;
  try {
    return await testServer(`ws://127.0.0.1:${port}/`, [...scenarios.values()], options);
  } finally {
    for (const socket of server.clients) socket.terminate();
    server.close();
  }
}

/** Tests an implementation in this process as a client. */
export async function runClient(
  implementation: Implementation,
  scenarios: Scenarios,
  options: ServeOptions,
): Promise<ScenarioResult[]> {
  const start: StartSession = (socket) => implementation.newWebSocketRpcSession(socket);
  return await runClientWith(implementation, start, scenarios, options);
}

/** Tests a client in this process whose sessions begin in a way of their own. */
export async function runClientWith(
  implementation: Tested,
  start: StartSession,
  scenarios: Scenarios,
  options: ServeOptions,
): Promise<ScenarioResult[]> {
  const server = await serveConformance(scenarios, options);
  let socket: WebSocket;
  try {
    await runScenarios(server.url, {
      implementation,
      timeout: options.timeout,
      connect(url) {
        socket = new WebSocket(url);
        return start(socket);
      },
      async opened() {
        if (socket.readyState === socket.CONNECTING) await once(socket, "open");
      },
      quiet: 20,
    });
    return await server.done;
  } finally {
    await server.close();
  }
}
