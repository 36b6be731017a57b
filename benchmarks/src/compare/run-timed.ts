import type { TimedCase } from "../cases/case.ts";
import { type LaunchedRatio, quietRatio, ratioOfLaunches } from "../statistics/launches.ts";
import { type Stand, Stands } from "./stands.ts";
import type { Subjects } from "./subjects.ts";

/** The times of a comparison. */
export interface ComparisonPlan {
  /** The number of times that all processes are started. */
  readonly launches: number;
  /** Rounds per launch. In each, both versions have a turn. */
  readonly rounds: number;
  /** Milliseconds per turn. */
  readonly turn: number;
  /** Milliseconds per launch for which a version warms up, before the case's own factor. */
  readonly warmUp: number;
  /** True if each version has processes, and so a heap, of its own. */
  readonly isApart: boolean;
}

/** Milliseconds for which a version warms up at a time. */
const WARM_UP_TURN = 50;

const ROUNDS_BETWEEN_COLLECTIONS = 10;

/** Compares the processor time that both versions take for a case, at both ends together. */
export async function compareTimed(
  measured: TimedCase,
  node: string,
  program: string,
  subjects: Subjects,
  plan: ComparisonPlan,
): Promise<LaunchedRatio> {
  const groups = plan.isApart ? subjects.map((each) => [each]) : [subjects];
  const launches: number[] = [];
  for (let launch = 0; launch < plan.launches; launch++) {
    const started: Stands[] = [];
    try {
      for (const group of groups) {
        started.push(await Stands.start(node, program, group, measured.link));
      }
      launches.push(
        await ratioOf(
          measured,
          started.flatMap(({ all }) => all),
          plan,
        ),
      );
    } finally {
      await Promise.all(started.map((stands) => stands.stop()));
    }
  }
  return ratioOfLaunches(launches);
}

/** The ratio of new to base in one launch. */
async function ratioOf(
  { name, link, warmUps = 1 }: TimedCase,
  [base, fresh]: readonly Stand[],
  plan: ComparisonPlan,
): Promise<number> {
  const stands = [base!, fresh!];
  for (const { client } of stands) await client.verify(name);
  for (let done = 0; done < plan.warmUp * warmUps; done += WARM_UP_TURN) {
    if (link === "memory") await collect(stands, name);
    for (const stand of stands) await takeTurn(stand, name, WARM_UP_TURN);
  }
  const costs = new Map<Stand, number[]>(stands.map((stand) => [stand, []]));
  for (let round = 0; round < plan.rounds; round++) {
    if (link === "memory" && round % ROUNDS_BETWEEN_COLLECTIONS === 0) await collect(stands, name);
    // The order changes, so that neither version always follows the other's garbage.
    for (const stand of round % 2 === 0 ? stands : stands.toReversed()) {
      costs.get(stand)!.push(await takeTurn(stand, name, plan.turn));
    }
  }
  return quietRatio(costs.get(fresh!)!, costs.get(base!)!);
}

/**
 * Collects garbage, because stubs that a case forgets count towards limits, and nothing waits for a
 * medium in which they could be released. The first turn after that isn't measured: it is slow.
 */
async function collect(stands: readonly Stand[], name: string): Promise<void> {
  for (const { client } of stands) {
    await client.collect();
    await client.time(name, WARM_UP_TURN);
  }
}

/** The processor time of a run. */
async function takeTurn(stand: Stand, name: string, milliseconds: number): Promise<number> {
  const before = await processorTime(stand);
  const { runs } = await stand.client.time(name, milliseconds);
  return ((await processorTime(stand)) - before) / runs;
}

async function processorTime({ client, server }: Stand): Promise<number> {
  return (await client.processorTime()) + ((await server?.processorTime()) ?? 0);
}
