import { besides, Program, type Spawn } from "../program.ts";
import type { Target } from "../target.ts";
import type { VictimFigures, VictimQuestion } from "./program.ts";

/** Calls after which the victim is warm. */
const WARM = 20;

/** Megabytes of heap that the victim may use. */
const HEAP = 128;

/** A client in a process or thread of its own, which calls the server all the time. */
export class Victim {
  readonly #program: Program<VictimQuestion, VictimFigures>;
  #isWarm = false;

  constructor(spawn: Spawn) {
    this.#program = new Program(spawn(besides(import.meta.url, "program"), HEAP));
  }

  /**
   * Begins to watch.
   *
   * @returns whether the server answers the victim's calls
   */
  async watch(target: Target): Promise<boolean> {
    const { ws, wt, port, http } = target;
    const question = { watch: { ws, wt, port, http } };
    // The first calls compile code, so figures don't count them.
    for (const calls of this.#isWarm ? [2] : [WARM, 2]) {
      // A watch gives no answer itself.
      this.#program.ask(question, 0);
      if (!(await this.#made(calls))) return false;
    }
    this.#isWarm = true;
    return true;
  }

  /** @returns the figures; `undefined` if the process has ended */
  tell(): Promise<VictimFigures | undefined> {
    return this.#program.ask({ tell: true });
  }

  async #made(calls: number): Promise<boolean> {
    const end = performance.now() + 10_000;
    while (performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      const figures = await this.tell();
      if (figures === undefined) return false;
      if (figures.calls >= calls) return true;
    }
    return false;
  }

  /** Ends the process. */
  stop(): void {
    this.#program.stop();
  }
}
