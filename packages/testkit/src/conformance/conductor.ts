import type { IncomingMessage, ServerResponse } from "node:http";
import type { Transcript } from "../transcript/transcript.ts";
import { hearBatch } from "./batch.ts";
import { notesIn, withNotes } from "./client-notes.ts";
import { Player } from "./player.ts";
import { resultOf, type ScenarioResult, skippedResult } from "./result.ts";
import type { ServeOptions } from "./serve-options.ts";
import { over } from "./websocket.ts";

/** The reason for skipping a scenario that the client under test never asked for. */
export const NOT_RUN = "the client didn't run it";

/** The state of a scenario's run. */
export interface Run {
  readonly transcript: Transcript;
  session?: Promise<ScenarioResult>;
  notes?: readonly unknown[] | undefined;
  /** The scenario's result, once the client has sent its notes or is done. */
  result?: Promise<ScenarioResult>;
}

/** Answers the requests of a client under test, and collects the results. */
export class Conductor {
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
    // A client under test may be a page of another origin.
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
      // Reports the result while the client continues.
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

  /** Ends the run, and gives the results. Later calls give the same results. */
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
    // A batch holds no releases, because everything that it refers to ends with it.
    hearBatch(player, body, "the request was over", this.#options.strict);
    run.session = resultOf(run.transcript, player, () =>
      player.play({ send: (text) => said.push(text), close() {} }),
    );
    await run.session;
    return said.join("\n");
  }

  /** @param missing the outcome of the scenarios that the client hasn't run */
  async #results(missing: Partial<ScenarioResult>): Promise<ScenarioResult[]> {
    return await Promise.all([...this.#runs.values()].map((run) => this.#result(run, missing)));
  }

  /** The result of a run. It is reported once. */
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
