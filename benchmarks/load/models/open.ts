import { arrivalTimes } from "./arrivals.ts";
import { Flights } from "./flights.ts";
import { type Recorded, Recorder } from "./recorder.ts";
import type { OpenModel, Setting } from "./run.ts";

/** Overdue operations that start without a pause, in which answers can be received. */
const BURST = 32;

/** Milliseconds for which operations that are under way at the end are awaited. */
const PATIENCE = 15_000;

/** Most operations under way. The memory of a generator is finite. */
const MOST_UNDER_WAY = 100_000;

/**
 * Starts operations by a schedule, on random sessions. Latencies count from the scheduled time, so
 * that the time for which a slow server, or a busy generator, delays a start is part of them.
 */
export async function runOpen({ rate, arrivals }: OpenModel, setting: Setting): Promise<Recorded> {
  const { seconds, sessions, begin, clock, random } = setting;
  const recorder = new Recorder();
  const flights = new Flights(clock, recorder);
  const start = clock.now();
  let burst = 0;
  for (const offset of arrivalTimes(arrivals, rate, seconds, random)) {
    const intended = start + offset;
    if (intended > clock.now() || ++burst >= BURST) {
      await clock.until(intended);
      burst = 0;
    }
    const session = Math.floor(random() * sessions);
    if (flights.size >= MOST_UNDER_WAY) recorder.failed("not started", "OVERLOAD");
    else void flights.launch(() => begin(session), intended);
  }
  await flights.landed(PATIENCE);
  return recorder;
}
