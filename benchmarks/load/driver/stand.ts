import type { ChildProcess } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import { bundle } from "../../src/driver/bundle.ts";
import { launch, remoteOf, stop } from "../../src/driver/process.ts";
import { channelOf } from "../../src/participant/channel.ts";
import { decodeFigures } from "../generator/figures.ts";
import type { GeneratorFunctions } from "../generator/generator.ts";
import { combined, type Recorded } from "../models/recorder.ts";
import type { Model } from "../models/run.ts";
import type { ScenarioName } from "../scenarios/scenarios.ts";
import type { Leak } from "../server/leaky-api.ts";
import type { ServerFunctions } from "../server/server.ts";
import type { Strain } from "../server/watch.ts";
import { checkDescriptors } from "./descriptors.ts";
import type { Snapshot } from "./snapshot.ts";

/** The options of a stand. */
export interface StandOptions {
  /** The processes that make load. Default 1. */
  readonly generators?: number;
  readonly seed?: number;
  /** Mistakes of the server, for tests of the soak. */
  readonly leaks?: readonly Leak[];
}

/** A run: the figures of the generators, and the strain on the server. */
export interface RunFigures extends Recorded {
  readonly seconds: number;
  readonly server: Strain;
}

/** The snapshots of the server and of the first generator. */
export interface Snapshots {
  readonly server: Snapshot;
  readonly client: Snapshot;
}

const PROGRAMS = { server: "load/server/main.ts", generator: "load/generator/main.ts" };

/** Milliseconds between looks at the tables, and the most of them. */
const SETTLE_STEP = 100;
const SETTLE_LOOKS = 80;
/** Looks in a row that must agree. */
const SETTLED = 3;

/** A server and load generators, each a process. */
export class Stand implements AsyncDisposable {
  readonly server: ServerFunctions;
  readonly generators: readonly GeneratorFunctions[];
  readonly #processes: readonly ChildProcess[];
  #sessions = 0;

  /** Starts the processes. The caller disposes of the stand. */
  static async start(options: StandOptions = {}): Promise<Stand> {
    const { generators = 1, seed = 1, leaks = [] } = options;
    const programs = await bundle(PROGRAMS, "load");
    const stand = new Stand([
      launch(process.execPath, programs.server),
      ...Array.from({ length: generators }, () => launch(process.execPath, programs.generator)),
    ]);
    try {
      const port = await stand.server.listen(leaks);
      await Promise.all(stand.generators.map((each, i) => each.prepare(port, seed + i)));
      return stand;
    } catch (error) {
      await stand[Symbol.asyncDispose]();
      throw error;
    }
  }

  private constructor(processes: readonly ChildProcess[]) {
    this.#processes = processes;
    const [server, ...generators] = processes.map((child) =>
      // A run takes as long as it was asked to. The end of a process is noticed without a timeout.
      remoteOf<any>(child, { ...channelOf(child), timeout: -1 }),
    );
    this.server = server;
    this.generators = generators;
  }

  get sessions(): number {
    return this.#sessions;
  }

  /**
   * Connects until there are so many sessions.
   *
   * @throws DescriptorLimitError if this machine allows fewer
   */
  async connect(sessions: number): Promise<void> {
    checkDescriptors(sessions);
    const more = this.#shares(sessions).map((share, i) => share - this.#shares(this.#sessions)[i]!);
    await Promise.all(this.generators.map((each, i) => each.connect(more[i]!)));
    this.#sessions = sessions;
  }

  /** Sessions of each generator. */
  #shares(sessions: number): number[] {
    const { length } = this.generators;
    return this.generators.map(
      (_, i) => Math.floor(sessions / length) + (i < sessions % length ? 1 : 0),
    );
  }

  /** Runs a scenario on all sessions. */
  async run(scenario: ScenarioName, model: Model, seconds: number): Promise<RunFigures> {
    const shared =
      model.model === "open" ? { ...model, rate: model.rate / this.generators.length } : model;
    await this.server.watch();
    const figures = await Promise.all(
      this.generators.map((each) => each.run(scenario, shared, seconds)),
    );
    const { kinds, lag } = combined(figures.map(decodeFigures));
    return { kinds, lag, seconds, server: await this.server.watched() };
  }

  hold(): Promise<unknown> {
    return Promise.all(this.generators.map((each) => each.hold()));
  }

  release(): Promise<unknown> {
    return Promise.all(this.generators.map((each) => each.release()));
  }

  /**
   * Takes snapshots once nothing changes any more: releases, and the ends of connections, arrive
   * later than the answers, and those of forgotten stubs after garbage collections. Tables that
   * keep changing don't prevent it.
   */
  async snapshots(): Promise<Snapshots> {
    await this.#settled();
    const [server, client] = await Promise.all([
      this.server.snapshot(),
      this.generators[0]!.snapshot(),
    ]);
    return { server, client };
  }

  async #settled(): Promise<void> {
    let before = "";
    let same = 0;
    for (let looks = 0; looks < SETTLE_LOOKS && same < SETTLED; looks++) {
      await setTimeout(SETTLE_STEP);
      await Promise.all(this.generators.map((each) => each.collect()));
      const tables = JSON.stringify([
        await this.server.tables(),
        await Promise.all(this.generators.map((each) => each.tables())),
      ]);
      same = tables === before ? same + 1 : 0;
      before = tables;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await stop(this.#processes);
  }
}
