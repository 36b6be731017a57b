import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type ServerOptions, WebSocketServer } from "ws";
import type { Transcript } from "../transcript/transcript.ts";
import { hearBatch } from "./batch.ts";
import { notesIn, withNotes } from "./client-notes.ts";
import { Player } from "./player.ts";
import { resultOf, type ScenarioResult, skippedResult } from "./result.ts";
import { type Selection, select } from "./select.ts";
import { over } from "./websocket.ts";

/** Why a scenario was skipped, of which the client under test never asked. */
export const NOT_RUN = "the client didn't run it";

/** How clients are served. */
export interface ServeOptions extends Selection {
  /** Default 0: any that is free. */
  readonly port?: number | undefined;
  /** Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** Milliseconds that the client has for a message. Default 5000. */
  readonly timeout?: number | undefined;
  /** Whether the client has to do exactly as recorded, without habits of its own. Default `false`. */
  readonly strict?: boolean | undefined;
  /** Milliseconds after a scenario during which nothing else may come. Default 100. */
  readonly linger?: number | undefined;
  /**
   * Milliseconds without a request, after the first one, until the client counts as gone: the
   * scenarios that it hasn't run have failed then. Default 60,000.
   */
  readonly idleTimeout?: number | undefined;
  /** Called with each result as it comes. */
  readonly onResult?: ((result: ScenarioResult) => void) | undefined;
}

/** A server that plays its part in every scenario, for a client under test. */
export interface ConformanceServer {
  /** Where it listens: `http://host:port`. */
  readonly url: string;
  /** The results, once the client has said that it is done, or is gone. */
  readonly done: Promise<ScenarioResult[]>;
  close(): Promise<void>;
}

/** Where a scenario is in its run. */
interface Run {
  readonly transcript: Transcript;
  session?: Promise<ScenarioResult>;
  notes?: readonly unknown[] | undefined;
  /** What came of it, once the client has sent its notes or is done. */
  result?: Promise<ScenarioResult>;
}

/**
 * Starts a server for a client under test; docs/conformance.md says what the client does:
 * `GET /scenarios`, then for each a session at `/run/<id>` and its notes to `/notes/<id>`, and
 * `POST /done`.
 *
 * @param transcripts by id, as `loadTranscripts` gives them
 */
export async function serveConformance(
  transcripts: ReadonlyMap<string, Transcript>,
  options: ServeOptions = {},
): Promise<ConformanceServer> {
  const selected = new Set(select([...transcripts.values()], "client", options));
  const runs = new Map<string, Run>();
  for (const [id, transcript] of transcripts) {
    if (selected.has(transcript)) runs.set(id, { transcript });
  }
  const host = options.host ?? "127.0.0.1";
  const conductor = new Conductor(runs, options);
  const server = createServer((request, response) => void conductor.answer(request, response));
  server.listen(options.port ?? 0, host);
  await once(server, "listening");
  // Not before: it would pass the server's failure on to nobody.
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

class Conductor {
  readonly done: Promise<ScenarioResult[]>;
  readonly #runs: ReadonlyMap<string, Run>;
  readonly #options: ServeOptions;
  readonly #timeout: number;
  readonly #idleTimeout: number;
  #finish!: (results: Promise<ScenarioResult[]>) => void;
  #idle: NodeJS.Timeout | undefined;
  #ended: Promise<ScenarioResult[]> | undefined;

  constructor(runs: ReadonlyMap<string, Run>, options: ServeOptions) {
    this.#runs = runs;
    this.#options = options;
    this.#timeout = options.timeout ?? 5000;
    this.#idleTimeout = options.idleTimeout ?? 60_000;
    this.done = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  close(): void {
    clearTimeout(this.#idle);
  }

  session(socket: Parameters<typeof over>[0], path: string): void {
    this.#heard();
    const run = this.#runs.get(path.replace(/^\/run\//, ""));
    if (run === undefined) {
      socket.close(1008, "no such scenario");
      return;
    }
    const player = this.#player(run);
    const connection = over(socket, player.inbox);
    run.session = resultOf(run.transcript, player, async () => {
      await player.play(connection);
      await player.linger(this.#options.linger ?? 100);
    });
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A client under test may be a page.
    response.setHeader("access-control-allow-origin", "*");
    this.#heard();
    const [, what, id = ""] = (request.url ?? "").split("/");
    const run = this.#runs.get(id);
    const body = await read(request);
    if (what === "scenarios") return json(response, this.#list());
    if (what === "done") {
      return json(response, await this.#end({ skipped: NOT_RUN }));
    }
    if (what === "notes" && run !== undefined) {
      run.notes = notesIn(body);
      if (run.notes === undefined) {
        response.writeHead(400).end("notes are a JSON list");
        return;
      }
      // Reported while the client goes on.
      if (run.session !== undefined) void this.#result(run, {});
      return json(response, {});
    }
    if (what === "run" && run?.transcript.batch) {
      response.end(await this.#batch(run, body));
      return;
    }
    response.writeHead(404).end("no such scenario");
  }

  #heard(): void {
    this.close();
    if (this.#ended !== undefined) return;
    this.#idle = setTimeout(() => {
      const failure =
        `the client didn't run it, and was silent for ${this.#idleTimeout} ms ` +
        "without having said that it is done";
      void this.#end({ failure });
    }, this.#idleTimeout);
  }

  /** Gives the results, which are taken once. */
  #end(missing: Partial<ScenarioResult>): Promise<ScenarioResult[]> {
    this.close();
    this.#ended ??= this.#results(missing);
    this.#finish(this.#ended);
    return this.#ended;
  }

  #list(): object[] {
    return [...this.#runs].map(([id, { transcript }]) => ({
      id,
      name: transcript.name,
      features: transcript.features,
      batch: transcript.batch,
      program: "program" in transcript.client ? transcript.client.program : [],
    }));
  }

  #player({ transcript }: Run): Player {
    return new Player(transcript, "server", {
      timeout: this.#timeout,
      isStrict: this.#options.strict,
    });
  }

  async #batch(run: Run, body: string): Promise<string> {
    const said: string[] = [];
    const player = this.#player(run);
    // A batch holds no releases: all that it refers to ends with it.
    hearBatch(player, body, "the request was over", this.#options.strict);
    run.session = resultOf(run.transcript, player, () =>
      player.play({ send: (text) => said.push(text), close() {} }),
    );
    await run.session;
    return said.join("\n");
  }

  /** @param missing what became of the scenarios that the client hasn't run */
  async #results(missing: Partial<ScenarioResult>): Promise<ScenarioResult[]> {
    return await Promise.all([...this.#runs.values()].map((run) => this.#result(run, missing)));
  }

  /** The result of a run, which is reported once. */
  #result(run: Run, missing: Partial<ScenarioResult>): Promise<ScenarioResult> {
    run.result ??= this.#judge(run, missing).then((result) => {
      this.#options.onResult?.(result);
      return result;
    });
    return run.result;
  }

  async #judge(run: Run, missing: Partial<ScenarioResult>): Promise<ScenarioResult> {
    const { transcript, session } = run;
    if (session === undefined) {
      return { ...skippedResult(transcript, ""), skipped: undefined, ...missing };
    }
    const result = await session;
    if (result.failure !== undefined) return result;
    return withNotes(result, transcript, run.notes, this.#options.strict);
  }
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function json(response: ServerResponse, value: unknown): void {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(value));
}
