import { besides, Program, type Spawn } from "../program.ts";
import type { AttackOrder, AttackOutcome } from "./program.ts";

/** Megabytes of heap that the attacker may use. */
const HEAP = 512;

/** Milliseconds beyond its time after which the attacker's process is killed. */
const GRACE = 10_000;

/** The attacker's process or thread. It is started again if an attack ended it. */
export class AttackerProcess {
  readonly #spawn: Spawn;
  #program: Program<AttackOrder, AttackOutcome> | undefined;

  constructor(spawn: Spawn) {
    this.#spawn = spawn;
  }

  /** @returns `undefined` if the process ended or got stuck */
  async carryOut(order: AttackOrder): Promise<AttackOutcome | undefined> {
    if (this.#program === undefined || this.#program.isStopped) {
      this.#program = new Program(this.#spawn(besides(import.meta.url, "program"), HEAP));
    }
    const outcome = await this.#program.ask(order, order.milliseconds + GRACE);
    if (outcome === undefined) this.stop();
    return outcome;
  }

  /** Ends the process. */
  stop(): void {
    this.#program?.stop();
    this.#program = undefined;
  }
}
