import { deepStrictEqual } from "node:assert";
import { setImmediate } from "node:timers/promises";
import type { Case, Session } from "../cases/case.ts";
import { caseNamed } from "../cases/index.ts";
import type { Held, Link } from "../contestants/contestant.ts";
import { type ContestantName, connector, serve } from "../contestants/index.ts";
import type { ParticipantFunctions, Timing, Traffic } from "./functions.ts";
import { Relay } from "./relay.ts";

/** One end of a measurement, or both ends if the link is in memory. */
export class Participant implements ParticipantFunctions {
  #connected: Session | undefined;
  #relay: Relay | undefined;
  #held: Held | undefined;

  async serve(contestant: ContestantName, link: Link): Promise<number> {
    return (await serve(contestant, link)).port;
  }

  async connect(
    contestant: ContestantName,
    link: Link,
    port: number,
    { counting = false } = {},
  ): Promise<void> {
    if (counting) this.#relay = await Relay.start(port);
    const connect = await connector(contestant, link, this.#relay?.port ?? port);
    const client = await connect();
    // Once a call has been answered, the ends have exchanged their first messages.
    await client.echo(0);
    this.#connected = { client, connect };
  }

  async verify(caseName: string): Promise<void> {
    const { run, expected } = find(caseName, "timed");
    deepStrictEqual(await run(this.#session()), expected);
  }

  time(caseName: string, milliseconds: number): Promise<Timing> {
    const { run } = find(caseName, "timed");
    return repeat(() => run(this.#session()), milliseconds);
  }

  grow(caseName: string, size: number, milliseconds: number): Promise<Timing> {
    const { run } = find(caseName, "growth");
    return repeat(() => run(this.#session(), size), milliseconds);
  }

  async prepare(caseName: string, count: number): Promise<void> {
    await find(caseName, "heap").prepare?.(this.#session(), count);
  }

  async hold(caseName: string, count: number): Promise<void> {
    this.#held = await find(caseName, "heap").hold(this.#session(), count);
  }

  async release(): Promise<void> {
    await this.#held?.release();
    this.#held = undefined;
  }

  async processorTime(): Promise<number> {
    const { user, system } = process.cpuUsage();
    return (user + system) * 1000;
  }

  async memory(): Promise<number> {
    for (let i = 0; i < 4; i++) await this.collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  }

  async collect(): Promise<void> {
    const { gc } = globalThis as { gc?: () => void };
    if (gc === undefined) throw new Error("Start the process with --expose-gc.");
    gc();
    await setImmediate();
  }

  async countTraffic(caseName: string): Promise<Traffic> {
    if (this.#relay === undefined) throw new Error("This client is connected without a relay.");
    const before = await this.#relay.traffic();
    await find(caseName, "traffic").run(this.#session());
    const after = await this.#relay.traffic();
    return {
      messages: after.messages - before.messages,
      frames: after.frames - before.frames,
      bytes: after.bytes - before.bytes,
    };
  }

  #session(): Session {
    if (this.#connected === undefined) throw new Error("Nothing is connected yet.");
    return this.#connected;
  }
}

/** Runs a function for a time, and at least once. */
async function repeat(run: () => unknown, milliseconds: number): Promise<Timing> {
  const start = process.hrtime.bigint();
  const end = start + BigInt(milliseconds) * 1_000_000n;
  let now: bigint;
  let runs = 0;
  do {
    await run();
    runs++;
    now = process.hrtime.bigint();
  } while (now < end);
  return { runs, nanoseconds: Number(now - start) };
}

function find<K extends Case["kind"]>(name: string, kind: K): Extract<Case, { kind: K }> {
  const found = caseNamed(name);
  if (found.kind !== kind) throw new Error(`"${name}" isn't a case of kind ${kind}.`);
  return found as Extract<Case, { kind: K }>;
}
