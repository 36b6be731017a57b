import { createPlayer } from "./create-player.ts";
import { UnreachableError } from "./errors.ts";
import { playAt } from "./play-at.ts";
import { resultOf, type ScenarioResult, skippedResult, withQuirk } from "./result.ts";
import { NO_TIME, RunTime } from "./run-time.ts";
import type { Scenario } from "./scenario.ts";
import { timeoutOf } from "./scenario-facts.ts";
import type { ServerTestOptions } from "./server-test-options.ts";
import { Silence } from "./silence.ts";
import { Slots } from "./slots.ts";

/** Most finished scenarios whose connections are still listened to. */
const LINGERING = 64;

/** A run of scenarios against one server. */
export class ServerRun {
  readonly #url: string;
  readonly #options: ServerTestOptions;
  readonly #timeout: number;
  readonly #time: RunTime;
  readonly #playing: Slots;
  readonly #lingering: Slots;
  readonly #silence: Silence;
  /** Set once there is no server any more. */
  #gone: UnreachableError | undefined;

  /** @param echo the simplest scenario, if there is one */
  constructor(url: string, options: ServerTestOptions, echo: Scenario | undefined) {
    const { parallel = 1, timeout = 5000, total } = options;
    this.#url = url;
    this.#options = options;
    this.#timeout = timeout;
    this.#time = new RunTime(total);
    this.#playing = new Slots(parallel);
    this.#lingering = new Slots(parallel + LINGERING);
    this.#silence = new Silence(async () => (echo === undefined ? {} : await this.#play(echo)));
  }

  /**
   * Runs scenarios, and returns their results in the same order.
   *
   * @throws UnreachableError if there was never a server, as one error instead of one per scenario
   */
  async run(scenarios: readonly Scenario[]): Promise<ScenarioResult[]> {
    const results: Promise<ScenarioResult>[] = [];
    try {
      for (const scenario of scenarios) {
        await Promise.all([this.#playing.take(), this.#lingering.take()]);
        const result = this.#finished(scenario, await this.#reasonToSkip(scenario));
        // Handled below. Meanwhile, the error of a listener that throws mustn't end the process.
        result.catch(() => {});
        results.push(result);
      }
      const all = await Promise.all(results);
      if (this.#gone !== undefined && !all.some((each) => this.#isRun(each))) throw this.#gone;
      return all;
    } finally {
      this.#time.stop();
    }
  }

  /** Plays a scenario, or skips it for a reason. Then reports the result. */
  async #finished(scenario: Scenario, skip: string | undefined): Promise<ScenarioResult> {
    let isPlaying = true;
    const played = () => {
      if (isPlaying) this.#playing.give();
      isPlaying = false;
    };
    const outcome =
      skip === undefined ? await this.#play(scenario, played) : skippedResult(scenario, skip);
    this.#silence.note(outcome, this.#timeoutOf(scenario));
    played();
    this.#lingering.give();
    const result = withQuirk(outcome, scenario);
    this.#options.onResult?.(result);
    return result;
  }

  async #play(scenario: Scenario, played?: () => void): Promise<ScenarioResult> {
    const timeout = this.#timeoutOf(scenario);
    const isStrict = this.#options.strict;
    const player = createPlayer(scenario, "client", { timeout, isStrict });
    const options = { ...this.#options, runTime: this.#time };
    return await resultOf(scenario, "server", player, async () => {
      try {
        await playAt(this.#url, scenario, player, options, played);
      } catch (error) {
        if (error instanceof UnreachableError) this.#gone ??= error;
        throw error;
      }
    });
  }

  #timeoutOf(scenario: Scenario): number {
    return timeoutOf(scenario, this.#timeout);
  }

  async #reasonToSkip({ onSendError }: Scenario): Promise<string | undefined> {
    if (this.#gone !== undefined) return "the server was gone";
    if (this.#time.isOver) return NO_TIME;
    // A server under test starts once, without the options that some recordings were made with.
    if (onSendError !== undefined) return "needs an onSendError at the server";
    return await this.#silence.reason();
  }

  #isRun({ failure, skipped }: ScenarioResult): boolean {
    return skipped === undefined && failure !== this.#gone?.message;
  }
}
