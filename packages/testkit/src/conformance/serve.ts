import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type ServerOptions, WebSocketServer } from "ws";
import { ClientRun } from "./client-run.ts";
import { Conductor } from "./conductor.ts";
import type { ScenarioResult } from "./result.ts";
import type { Scenarios } from "./scenario.ts";
import { select } from "./select.ts";
import type { ServeOptions } from "./serve-options.ts";

/** A server that plays its part in every scenario for a client under test. */
export interface ConformanceServer {
  /** The URL that it listens at: `http://host:port`. */
  readonly url: string;
  /** The results, once the client has said that it is done, or is gone. */
  readonly done: Promise<ScenarioResult[]>;
  /** Stops listening, and closes every connection. */
  close(): Promise<void>;
}

/**
 * Starts a server for a client under test. docs/conformance.md describes the client's part:
 * `GET /scenarios`, then for each scenario a session at `/run/<id>` and its notes to `/notes/<id>`,
 * and `POST /done`.
 *
 * @param scenarios the scenarios, as `loadScenarios` returns them
 * @param options the selection, and the server's address and times
 * @returns the server, once it listens. Close it when `done` has resolved
 *
 * @example
 * ```ts
 * const server = await serveConformance(await loadScenarios());
 * console.log(`Run the client with ${server.url}`);
 * console.log(formatReport(await server.done, "human"));
 * await server.close();
 * ```
 */
export async function serveConformance(
  scenarios: Scenarios,
  options: ServeOptions = {},
): Promise<ConformanceServer> {
  const selected = select([...scenarios.values()], "client", options);
  const runs = new Map(selected.map((each) => [each.id, new ClientRun(each, options)]));
  const host = options.host ?? "127.0.0.1";
  const conductor = new Conductor(runs, options);
  const server = createServer((request, response) => void conductor.answer(request, response));
  server.listen(options.port ?? 0, host);
  await once(server, "listening");
  // Made only now. Earlier, it would pass the server's failure on to no listener.
  const sockets = new WebSocketServer({
    server,
    maxPayload: 256 * 1024 * 1024,
    // Some clients (workerd) leave the connection open once both sides have closed the WebSocket.
    // (The types don't know the option yet.)
    closeTimeout: 500,
  } as ServerOptions);
  sockets.on("connection", (socket, request) => conductor.session(socket, request.url ?? ""));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${port}`,
    done: conductor.done,
    async close() {
      conductor.close();
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      await stop(server);
    },
  };
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
}
