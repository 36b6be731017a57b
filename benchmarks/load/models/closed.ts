import { Flights } from "./flights.ts";
import { exponential } from "./random.ts";
import { type Recorded, Recorder } from "./recorder.ts";
import type { ClosedModel, Setting } from "./run.ts";

/**
 * Milliseconds for which operations that are under way at the end are awaited. There is one for
 * each session at most, so that even an overloaded machine gets through with them.
 */
const PATIENCE = 120_000;

/**
 * Has one user for each session, who starts an operation, awaits its end, and thinks for a random
 * time. The latencies are as the users saw them: `Latencies.corrected` adds those of the operations
 * that slow answers kept them from.
 */
export async function runClosed({ think }: ClosedModel, setting: Setting): Promise<Recorded> {
  const { seconds, sessions, begin, clock, random } = setting;
  const recorder = new Recorder();
  const flights = new Flights(clock, recorder);
  const end = clock.now() + seconds * 1000;
  // No user sleeps longer than the run, so that nothing is left of it.
  const pause = (time: number) => clock.sleep(Math.min(time, Math.max(0, end - clock.now())));
  const user = async (session: number) => {
    // The first operations are spread out as later ones are.
    await pause(random() * think);
    while (clock.now() < end) {
      await flights.launch(() => begin(session), clock.now());
      if (think > 0) await pause(exponential(random, think));
    }
  };
  for (let i = 0; i < sessions; i++) void user(i);
  await clock.sleep(seconds * 1000);
  await flights.landed(PATIENCE);
  return recorder;
}

/** Milliseconds between two operations of a user as long as no answer is slow. */
export function expectedInterval({ think }: ClosedModel, typicalLatency: number): number {
  return think + typicalLatency;
}
