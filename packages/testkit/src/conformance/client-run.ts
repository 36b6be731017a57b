import type { WebSocket } from "ws";
import { hearBatch } from "./batch.ts";
import { notesIn, withNotes } from "./client-notes.ts";
import { createPlayer } from "./create-player.ts";
import { resultOf, type ScenarioResult, skippedResult, withQuirk } from "./result.ts";
import type { RunOptions } from "./run-options.ts";
import type { RunTime } from "./run-time.ts";
import type { Scenario, ScenarioPlayer } from "./scenario.ts";
import { timeoutOf } from "./scenario-facts.ts";
import { inTime, scenarioTime } from "./time-limit.ts";
import { over } from "./websocket.ts";

/** The reason for skipping an informational scenario that the client never asked for. */
const NEEDNT_RUN = "the client didn't run it, and needn't";

/** The run of one scenario by a client under test. */
export class ClientRun {
  readonly scenario: Scenario;
  readonly #options: RunOptions;
  readonly #timeout: number;
  #session: Promise<ScenarioResult> | undefined;
  #notes: readonly unknown[] | undefined;
  #result: Promise<ScenarioResult> | undefined;

  constructor(scenario: Scenario, options: RunOptions) {
    this.scenario = scenario;
    this.#options = options;
    this.#timeout = options.timeout ?? 5000;
  }

  /** Plays the server on a socket of the client's. */
  play(socket: WebSocket, time: RunTime): void {
    const player = this.#player();
    const connection = over(socket, player.inbox, this.scenario.delivery);
    this.#session = resultOf(this.scenario, "client", player, async () => {
      try {
        const play = () => player.play(connection);
        await time.within(() => inTime(play, scenarioTime(this.#timeout)));
      } catch (error) {
        connection.close();
        throw error;
      }
      await player.linger(this.#options.linger ?? 100);
    });
  }

  /** Plays the server for a batch of the client's, and returns the answer. */
  async answerBatch(body: string): Promise<string> {
    const said: string[] = [];
    const player = this.#player();
    // A batch holds no releases, because everything that it refers to ends with it.
    hearBatch(player, body, "the request was over", this.#options.strict);
    this.#session = resultOf(this.scenario, "client", player, () =>
      player.play({ send: (text) => said.push(text), close() {} }),
    );
    await this.#session;
    return said.join("\n");
  }

  #player(): ScenarioPlayer {
    return createPlayer(this.scenario, "server", {
      timeout: timeoutOf(this.scenario, this.#timeout),
      isStrict: this.#options.strict,
    });
  }

  /**
   * Takes the client's notes. They are its last word, so the result is reported while the client
   * continues.
   *
   * @returns whether they are a JSON list
   */
  note(body: string): boolean {
    this.#notes = notesIn(body);
    if (this.#notes === undefined) return false;
    // A caller of `result` gets the error of a listener that throws.
    if (this.#session !== undefined) this.result({}).catch(() => {});
    return true;
  }

  /**
   * The result, which is reported once.
   *
   * @param missing the outcome if the client hasn't run the scenario
   */
  result(missing: Partial<ScenarioResult>): Promise<ScenarioResult> {
    this.#result ??= this.#judge(missing).then((outcome) => {
      const result = withQuirk(outcome, this.scenario);
      this.#options.onResult?.(result);
      return result;
    });
    return this.#result;
  }

  async #judge(missing: Partial<ScenarioResult>): Promise<ScenarioResult> {
    if (this.#session === undefined) {
      if (this.scenario.quirk !== undefined) return skippedResult(this.scenario, NEEDNT_RUN);
      return { ...skippedResult(this.scenario, ""), skipped: undefined, ...missing };
    }
    const result = await this.#session;
    if (result.failure !== undefined || result.skipped !== undefined) return result;
    return withNotes(result, this.scenario, this.#notes, this.#options.strict);
  }
}
