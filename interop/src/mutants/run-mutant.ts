import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { createApplication, runScenarios } from "@capnweb/testkit";
import {
  type Scenario,
  type ScenarioResult,
  type ServerTestOptions,
  serveConformance,
  testServer,
} from "@capnweb/testkit/conformance";
import { WebSocket, WebSocketServer } from "ws";
import { OURS } from "../implementation.ts";
import { type FrameChange, type Mutant, unchanged } from "./mutant.ts";
import { startMutant } from "./mutation.ts";

/** Runs the kit against a mutant. */
export async function runMutant(
  mutant: Mutant,
  scenarios: ReadonlyMap<string, Scenario>,
  timeout: number,
): Promise<ScenarioResult[]> {
  const { side, features, only, verdict } = mutant;
  const options = {
    ...(only === undefined ? { features } : { only }),
    // Mutations recurse, and these messages are nested too deeply for that.
    exclude: verdict === "allowed" && mutant.mutate !== unchanged ? ["hostile-*"] : [],
    timeout,
    parallel: 8,
  };
  return await (side === "server"
    ? runServer(mutant, [...scenarios.values()], options)
    : runClient(mutant, scenarios, options));
}

async function runServer(
  { mutate, sockets, frames, isShared }: Mutant,
  scenarios: readonly Scenario[],
  options: ServerTestOptions,
): Promise<ScenarioResult[]> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", ...sockets });
  await once(server, "listening");
  const close = () => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  };
  const shared = isShared ? createApplication(OURS) : undefined;
  server.on("connection", (socket) => {
    startMutant(socket, mutate, shared ?? createApplication(OURS), close);
  });
  const { port } = server.address() as AddressInfo;
  const proxy = frames && (await startProxy(port, frames));
  try {
    return await testServer(`ws://127.0.0.1:${proxy?.port ?? port}/`, scenarios, options);
  } finally {
    close();
    proxy?.close();
  }
}

async function runClient(
  { mutate }: Mutant,
  scenarios: ReadonlyMap<string, Scenario>,
  options: ServerTestOptions,
): Promise<ScenarioResult[]> {
  const server = await serveConformance(scenarios, options);
  let socket: WebSocket;
  try {
    await runScenarios(server.url, {
      implementation: OURS,
      connect(url) {
        socket = new WebSocket(url);
        return startMutant(socket, mutate, undefined).getRemoteMain();
      },
      async opened() {
        if (socket.readyState === socket.CONNECTING) await once(socket, "open");
      },
      quiet: 100,
      timeout: options.timeout,
    });
    return await server.done;
  } finally {
    await server.close();
  }
}

/** Forwards connections to a port, with changes to what clients send. */
async function startProxy(target: number, change: FrameChange) {
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const changed = change();
    const onward = connect(target, "127.0.0.1");
    for (const [socket, other] of [
      [client, onward],
      [onward, client],
    ] as const) {
      open.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => {});
      socket.on("close", () => {
        open.delete(socket);
        other.destroy();
      });
    }
    client.on("data", (packet) => onward.write(changed(packet)));
    onward.pipe(client);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}
