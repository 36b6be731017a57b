import { type Attack, kindOf, type Need, needsOf } from "./attack.ts";
import { AttackerProcess } from "./attacker/index.ts";
import type { AttackOutcome } from "./attacker/program.ts";
import type { ContractMethod } from "./contract.ts";
import { AttackError } from "./errors.ts";
import type { Settings } from "./options.ts";
import { type Spawn, spawnProcess } from "./program.ts";
import { type AttackResult, notMade } from "./result.ts";
import { growth, type Memory, readMemory } from "./server/memory.ts";
import { isAnswering, probe } from "./server/probe.ts";
import type { StartedServer } from "./server/started.ts";
import type { Target } from "./target.ts";
import { judge, type Observation } from "./verdict.ts";
import { answers } from "./victim/caller.ts";
import { Victim } from "./victim/index.ts";
import type { VictimFigures } from "./victim/program.ts";

/** Milliseconds between checks of a server that should recover. */
const LOOK = 100;
/**
 * Milliseconds that a new client's answer may take after an attack, unless calls may take longer.
 */
const NEWCOMER = 3_000;
/** Milliseconds in which a server has to give memory back. */
const TIME_TO_GIVE_BACK = 3_000;
/** Milliseconds after an attack in which its effects on the victim still count. */
const AFTERMATH = 200;

/** Runs attacks on one server, one after another, with one victim. */
export class Campaign {
  readonly #urls: readonly string[];
  readonly #settings: Settings;
  readonly #spawn: Spawn;
  readonly #attacker: AttackerProcess;
  readonly #server: StartedServer | undefined;
  #victim: Victim;
  #target: Target | undefined;
  /** True if the previous attack may have harmed the server. */
  #isHurt = false;

  /**
   * @param server set if the campaign starts the server itself
   * @param spawn starts the attacker and the victim
   */
  constructor(
    urls: readonly string[],
    settings: Settings,
    server?: StartedServer,
    spawn = spawnProcess,
  ) {
    this.#urls = urls;
    this.#settings = settings;
    this.#server = server;
    this.#spawn = spawn;
    this.#attacker = new AttackerProcess(spawn);
    this.#victim = new Victim(spawn);
  }

  /** Starts the server if necessary, and finds out its parts. */
  async begin(): Promise<Target> {
    await this.#server?.restart();
    const end = performance.now() + this.#settings.wait * 1_000;
    for (;;) {
      this.#target = await probe(this.#urls, this.#settings.contract);
      if (isAnswering(this.#target)) return this.#target;
      if (this.#server?.ending !== undefined || performance.now() > end) {
        const ending = this.#server?.ending;
        throw new AttackError(
          "NO_SERVER",
          `No Cap'n Web server answers at ${this.#urls.join(" or ")}` +
            `${ending === undefined ? "." : `: it ended (${ending}).`}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK));
    }
  }

  /** Makes an attack. Repeats it if the machine could be at fault for the result. */
  async run(attack: Attack): Promise<AttackResult> {
    const missing = needsOf(attack).filter((need) => !this.#has(need));
    if (missing.length > 0) {
      return notMade(attack, "not applicable", `the server has no ${missing.join(", ")}`);
    }
    for (let again = this.#settings.repeat; ; again--) {
      const { result, isDoubtful } = await this.#runOnce(attack);
      if (!isDoubtful || again <= 0) return result;
    }
  }

  #has(need: Need): boolean {
    const { ws, wt, port, http, http2, methods } = this.#target!;
    const parts: Partial<Record<Need, unknown>> = {
      session: ws ?? wt ?? port,
      network: ws ?? wt,
      sockets: ws ?? wt ?? http ?? http2,
      websocket: ws,
      webtransport: wt,
      port,
      http,
      http2,
    };
    return need in parts ? parts[need] !== undefined : methods.includes(need as ContractMethod);
  }

  async #runOnce(attack: Attack): Promise<{ result: AttackResult; isDoubtful: boolean }> {
    if (!(await this.#ready())) {
      const result = notMade(attack, "not run", "the server doesn't answer");
      return { result, isDoubtful: false };
    }
    const before = await this.#memory();
    const start = performance.now();
    const milliseconds = this.#settings.seconds * 1_000;
    const order = { id: attack.id, target: this.#target!, milliseconds };
    const outcome = await this.#untilHurt(this.#attacker.carryOut(order));
    const observation = await this.#observe(outcome, before);
    const duration = performance.now() - start;
    const { verdict, reasons, isDoubtful } = judge(observation, this.#settings);
    this.#isHurt = verdict !== "held";
    const { victim, isAnswered, after } = observation;
    const result = {
      id: attack.id,
      kind: kindOf(attack),
      title: attack.title,
      verdict,
      reasons,
      duration,
      victim,
      answers: isAnswered,
      attacker: outcome?.figures,
      memory: { before, after },
    };
    return { result, isDoubtful };
  }

  /**
   * Waits for the attack's outcome. Ends the attack early once the victim shows that the server is
   * hurt.
   */
  async #untilHurt(
    outcome: Promise<AttackOutcome | undefined>,
  ): Promise<AttackOutcome | undefined> {
    let isDone = false;
    outcome.then(() => {
      isDone = true;
    });
    while (!isDone) {
      await Promise.race([outcome, new Promise((resolve) => setTimeout(resolve, 2 * LOOK))]);
      if (isDone) break;
      const figures = await this.#victim.tell();
      const isHurt =
        this.#server?.ending !== undefined ||
        figures === undefined ||
        figures.failures.length > 0 ||
        figures.waiting > 2 * this.#settings.slowest;
      if (!isHurt) continue;
      this.#attacker.stop();
      return undefined;
    }
    return await outcome;
  }

  /** Makes the server and the victim as good as new. */
  async #ready(): Promise<boolean> {
    if (this.#isHurt && this.#server !== undefined) await this.#server.restart();
    this.#isHurt = false;
    const end = performance.now() + this.#settings.wait * 1_000;
    while (!(await answers(this.#target!, 1_000))) {
      if (performance.now() > end) return false;
      await new Promise((resolve) => setTimeout(resolve, LOOK));
    }
    if (await this.#victim.watch(this.#target!)) return true;
    this.#victim.stop();
    this.#victim = new Victim(this.#spawn);
    return await this.#victim.watch(this.#target!);
  }

  async #observe(outcome: AttackOutcome | undefined, before: Memory): Promise<Observation> {
    await new Promise((resolve) => setTimeout(resolve, AFTERMATH));
    const victim = await this.#settled();
    const isAnswered = await answers(this.#target!, Math.max(NEWCOMER, 2 * this.#settings.slowest));
    const after = isAnswered ? await this.#settledMemory(before) : await this.#residentMemory();
    const ending = this.#server?.ending;
    return { outcome, victim, isAnswered, ending, before, after };
  }

  /** The victim's figures, once its pending call was answered or has waited for too long. */
  async #settled(): Promise<VictimFigures | undefined> {
    const end = performance.now() + 2 * this.#settings.slowest;
    for (;;) {
      const figures = await this.#victim.tell();
      const isSettled = figures === undefined || figures.waiting < 50;
      if (isSettled || performance.now() > end) return figures;
      await new Promise((resolve) => setTimeout(resolve, LOOK / 2));
    }
  }

  async #settledMemory(before: Memory): Promise<Memory> {
    const end = performance.now() + TIME_TO_GIVE_BACK;
    for (;;) {
      const memory = await this.#memory();
      const kept = growth(before, memory) ?? 0;
      if (kept <= this.#settings.kept || performance.now() > end) return memory;
      await new Promise((resolve) => setTimeout(resolve, 3 * LOOK));
    }
  }

  async #memory(): Promise<Memory> {
    if (this.#server?.memory !== undefined) return await this.#server.memory();
    return await readMemory({ url: this.#settings.memoryUrl, pid: this.#pid });
  }

  /** The memory of a server that doesn't answer, as far as the system tells. */
  #residentMemory(): Promise<Memory> {
    return readMemory({ pid: this.#pid });
  }

  get #pid(): number | undefined {
    return this.#settings.pid ?? this.#server?.pid;
  }

  /** Ends every process and thread that the campaign started. */
  async end(): Promise<void> {
    this.#attacker.stop();
    this.#victim.stop();
    await this.#server?.stop();
  }
}
