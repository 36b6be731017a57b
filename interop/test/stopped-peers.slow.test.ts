// Either end of a WebSocket notices a peer that is stopped, whichever implementation that runs.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { newWebSocketRpcSession } from "@capnweb/transport-ws";
import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { bundleProgram } from "../../testing/bundle-program.ts";
import { createApi } from "../src/application.ts";
import { IMPLEMENTATIONS, OURS } from "../src/implementation.ts";
import { standardSocket } from "../src/standard-socket.ts";

const KEEP_ALIVE = { interval: 200, timeout: 2_000 };
/** The signs of life after which a peer counts as alive without traffic. */
const ANSWERS = 3;

const program = bundleProgram(
  new URL("../stopped/peer.ts", import.meta.url),
  fileURLToPath(new URL("../node_modules/.programs/", import.meta.url)),
);

async function run(argument: object): Promise<{ child: ChildProcess; line: string }> {
  const child = spawn(process.execPath, [program, JSON.stringify(argument)], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [line] = await once(createInterface(child.stdout!), "line");
  return { child, line };
}

/**
 * A session with a keep-alive.
 *
 * @returns its stub; promises of some answers to pings, and of the reason for its end
 */
function start(socket: WebSocket, hasPings: boolean, main?: unknown) {
  let answers = 0;
  let isAlive: () => void;
  const alive = new Promise<void>((resolve) => {
    isAlive = resolve;
  });
  const answered = () => {
    if (++answers === ANSWERS) isAlive();
  };
  if (hasPings) socket.on("pong", answered);
  let end: (reason: unknown) => void;
  const ended = new Promise((resolve) => {
    end = resolve;
  });
  const api: any = newWebSocketRpcSession<any>(hasPings ? socket : standardSocket(socket), main, {
    keepAlive: KEEP_ALIVE,
    onMessage(direction, message) {
      if (direction === "in" && /^\["resolve",-?\d+,1\]$/.test(String(message))) answered();
    },
    onSession: (session) => void session.onClose((reason) => end(reason)),
  });
  onTestFinished(() => socket.terminate());
  return { api, alive, ended };
}

/** A server in this process, whose first client gets pings, while the second one gets messages. */
async function serve() {
  const sockets = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  onTestFinished(() => sockets.close());
  await once(sockets, "listening");
  const sessions: ReturnType<typeof start>[] = [];
  sockets.on("connection", (socket) => {
    sessions.push(start(socket, sessions.length === 0, createApi(OURS, [])));
  });
  return { url: `ws://127.0.0.1:${(sockets.address() as AddressInfo).port}/`, sessions };
}

describe.each(Object.keys(IMPLEMENTATIONS))("a peer of %s that is stopped", (implementation) => {
  test("is noticed by its clients, with and without pings", async () => {
    const { child, line } = await run({ implementation });
    const clients = [true, false].map((hasPings) => start(new WebSocket(line), hasPings));
    await Promise.all(clients.map(({ alive }) => alive));
    child.kill("SIGSTOP");
    for (const { api, ended } of clients) {
      const pending = api.nothing().then(null, (error: unknown) => error);
      const reason = await ended;
      expect(reason).toMatchObject({ code: "WEBSOCKET_CLOSED", limit: "keepAlive" });
      expect(await pending).toBe(reason);
    }
  });

  test("is noticed by its servers, with and without pings", async () => {
    const { url, sessions } = await serve();
    const { child } = await run({ implementation, url });
    await Promise.all(sessions.map(({ alive }) => alive));
    child.kill("SIGSTOP");
    const reasons = await Promise.all(sessions.map(({ ended }) => ended));
    expect(reasons).toMatchObject([{ limit: "keepAlive" }, { limit: "keepAlive" }]);
  });
});
