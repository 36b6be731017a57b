import { collectGarbage, type Snapshot, takeSnapshot } from "../driver/snapshot.ts";
import { systemClock } from "../models/clock.ts";
import { runClosed } from "../models/closed.ts";
import { runOpen } from "../models/open.ts";
import { type Random, randomOf, weighted } from "../models/random.ts";
import type { Model, Setting } from "../models/run.ts";
import { type Client, connect } from "../scenarios/client.ts";
import { OPERATIONS } from "../scenarios/operations.ts";
import { SCENARIOS, type ScenarioName } from "../scenarios/scenarios.ts";
import { encodeFigures, type Figures } from "./figures.ts";
import { Held } from "./held.ts";

/** A process that makes load, as the driver sees it. */
export interface GeneratorFunctions {
  /** @param seed of all random choices from now on */
  prepare(port: number, seed: number): Promise<void>;
  /** Opens so many more sessions. */
  connect(count: number): Promise<void>;
  run(scenario: ScenarioName, model: Model, seconds: number): Promise<Figures>;
  /** Makes each session active: a function is held, a call is under way, a stream is open. */
  hold(): Promise<void>;
  /** Ends everything that `hold` began. */
  release(): Promise<void>;
  /** The imports and exports of all sessions. */
  tables(): Promise<Record<"imports" | "exports", number>>;
  /** Collects garbage, after which forgotten stubs are released. */
  collect(): Promise<void>;
  snapshot(): Promise<Snapshot>;
}

/** Connections that are being opened at the same time. */
const OPENING = 100;

export class Generator implements GeneratorFunctions {
  #port = 0;
  #random: Random = Math.random;
  readonly #clients: Client[] = [];
  #held: Held[] = [];

  async prepare(port: number, seed: number): Promise<void> {
    this.#port = port;
    this.#random = randomOf(seed);
  }

  async connect(count: number): Promise<void> {
    let left = count;
    const open = async () => {
      while (left-- > 0) this.#clients.push(await connect(this.#port));
    };
    await Promise.all(Array.from({ length: OPENING }, open));
  }

  async run(scenario: ScenarioName, model: Model, seconds: number): Promise<Figures> {
    const setting: Setting = {
      seconds,
      sessions: this.#clients.length,
      begin: (session) => this.#begin(scenario, this.#clients[session]!),
      clock: systemClock,
      random: this.#random,
    };
    const recorded = await (model.model === "open"
      ? runOpen(model, setting)
      : runClosed(model, setting));
    return encodeFigures(recorded);
  }

  #begin(scenario: ScenarioName, client: Client) {
    const kind = weighted(this.#random, SCENARIOS[scenario].operations);
    const surroundings = { client, port: this.#port, random: this.#random };
    return { kind, done: OPERATIONS[kind](surroundings) };
  }

  async hold(): Promise<void> {
    this.#held = await Promise.all(this.#clients.map((client) => Held.start(client)));
  }

  async release(): Promise<void> {
    await Promise.all(this.#held.map((held) => held.release()));
    this.#held = [];
  }

  async tables(): Promise<Record<"imports" | "exports", number>> {
    return this.#tables();
  }

  #tables(): Record<"imports" | "exports", number> {
    const sums = { imports: 0, exports: 0 };
    for (const { session } of this.#clients) {
      const { imports, exports } = session.getStats();
      sums.imports += imports;
      sums.exports += exports;
    }
    return sums;
  }

  collect(): Promise<void> {
    return collectGarbage();
  }

  snapshot(): Promise<Snapshot> {
    return takeSnapshot(() => this.#tables());
  }
}
