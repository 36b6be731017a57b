import type { IncomingMessage, ServerResponse } from "node:http";
import type { WebSocket } from "ws";
import type { ClientRun } from "./client-run.ts";
import { answerJson, bodyOf } from "./request.ts";
import type { ScenarioResult } from "./result.ts";
import { NO_TIME, RunTime } from "./run-time.ts";
import type { ServeOptions } from "./serve-options.ts";

/** The reason for skipping a scenario that the client under test never asked for. */
export const NOT_RUN = "the client didn't run it";

/** Most bytes of a request. The largest notes and batches need a tenth. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Answers the requests of a client under test, and collects the results. */
export class Conductor {
  readonly done: Promise<ScenarioResult[]>;
  readonly #runs: ReadonlyMap<string, ClientRun>;
  readonly #total: number | undefined;
  readonly #idleTimeout: number;
  #finish!: (results: Promise<ScenarioResult[]>) => void;
  #idle: NodeJS.Timeout | undefined;
  /** The time of the run. The first request starts it. */
  #time: RunTime | undefined;
  #ended: Promise<ScenarioResult[]> | undefined;

  /** @param runs the scenarios by id */
  constructor(
    runs: ReadonlyMap<string, ClientRun>,
    { total, idleTimeout = 60_000 }: Pick<ServeOptions, "total" | "idleTimeout">,
  ) {
    this.#runs = runs;
    this.#total = total;
    this.#idleTimeout = idleTimeout;
    this.done = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  close(): void {
    clearTimeout(this.#idle);
    this.#time?.stop();
  }

  session(socket: WebSocket, path: string): void {
    // Also for sockets without a scenario: an error that nothing listens for ends the process.
    socket.on("error", () => {});
    const time = this.#heard();
    const run = this.#runs.get(path.replace(/^\/run\//, ""));
    if (run === undefined) socket.close(1008, "no such scenario");
    else run.play(socket, time);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A client under test may be a page of another origin.
    response.setHeader("access-control-allow-origin", "*");
    this.#heard();
    const [, what, id = ""] = (request.url ?? "").split("/");
    const run = this.#runs.get(id);
    const body = await bodyOf(request, MOST_BYTES);
    if (body === undefined)
      response.writeHead(413).end(`a request has ${MOST_BYTES} bytes at most`);
    else if (what === "scenarios") answerJson(response, this.#list());
    else if (what === "done") answerJson(response, await this.#end({ skipped: NOT_RUN }));
    else if (what === "notes" && run !== undefined) {
      if (run.note(body)) answerJson(response, {});
      else response.writeHead(400).end("notes are a JSON list");
    } else if (what === "run" && run?.scenario.batch) response.end(await run.answerBatch(body));
    else response.writeHead(404).end("no such scenario");
  }

  /** Starts the clocks again, or for the first time. */
  #heard(): RunTime {
    clearTimeout(this.#idle);
    this.#time ??= new RunTime(this.#total, () => void this.#end({ skipped: NO_TIME }));
    if (this.#ended !== undefined) return this.#time;
    this.#idle = setTimeout(() => {
      const failure =
        `the client didn't run it, and was silent for ${this.#idleTimeout} ms ` +
        "without having said that it is done";
      void this.#end({ failure });
    }, this.#idleTimeout);
    return this.#time;
  }

  /**
   * Ends the run, and gives the results. Later calls give the same results.
   *
   * @param missing the outcome of the scenarios that the client hasn't run
   */
  #end(missing: Partial<ScenarioResult>): Promise<ScenarioResult[]> {
    clearTimeout(this.#idle);
    this.#ended ??= Promise.all([...this.#runs.values()].map((run) => run.result(missing)));
    this.#finish(this.#ended);
    return this.#ended;
  }

  #list(): object[] {
    return [...this.#runs].map(([id, { scenario }]) => ({
      id,
      name: scenario.name,
      features: scenario.features,
      batch: scenario.batch,
      program: "program" in scenario.client ? scenario.client.program : [],
    }));
  }
}
