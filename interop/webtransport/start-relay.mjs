// Starts the relay, and the server of sessions behind it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import { newWebTransportRpcSession } from "@capnweb/transport-webtransport";
import { createDevCertificate } from "@capnweb/transport-webtransport/dev-certificate";

/**
 * Starts a server of sessions on TCP connections, and the relay in front of it.
 *
 * @param createMain makes the main object of a session from the actions on its connection
 */
export async function startRelay(deno, createMain) {
  let sessions = 0;
  let whenDisposed = () => {};
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sessions++;
    socket.setNoDelay().on("error", () => {});
    const ends = {
      end: () => stub[Symbol.dispose](),
      cut: () => relay.stdin.write("cut\n"),
      stop: () => relay.kill("SIGSTOP"),
      disposed() {
        sessions--;
        whenDisposed();
      },
    };
    const keepAlive = { interval: 100, timeout: 3_000 };
    const stub = newWebTransportRpcSession(Duplex.toWeb(socket), createMain(ends), { keepAlive });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { cert, privKey, hash } = await createDevCertificate(["127.0.0.1"]);
  const [program, command] = deno.programOf("deno");
  const relay = spawn(
    program,
    [
      command,
      "--quiet",
      "--no-check",
      "--unstable-net",
      "--allow-net=127.0.0.1",
      fileURLToPath(new URL("relay.mts", import.meta.url)),
      JSON.stringify({ cert, privKey, port: server.address().port }),
    ],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  for await (const line of createInterface(relay.stdout)) {
    const port = /listening on (\d+)/.exec(line)?.[1];
    if (port === undefined) continue;
    return {
      port,
      hash: [...hash.value],
      allDisposed: () =>
        new Promise((resolve) => {
          whenDisposed = () => sessions === 0 && resolve(undefined);
          whenDisposed();
        }),
      async stop() {
        relay.kill("SIGKILL");
        if (relay.exitCode === null && relay.signalCode === null) await once(relay, "exit");
        server.close();
      },
    };
  }
  throw new Error("The relay didn't start.");
}
