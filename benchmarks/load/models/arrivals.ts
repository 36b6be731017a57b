import { exponential, type Random } from "./random.ts";

/** The distribution of arrivals: as of independent users, or evenly spaced. */
export type Arrivals = "poisson" | "constant";

/**
 * The times at which operations are meant to start, in milliseconds from the beginning. They
 * depend on nothing that the server does.
 *
 * @param rate arrivals per second, on average
 * @param seconds the duration
 */
export function* arrivalTimes(
  arrivals: Arrivals,
  rate: number,
  seconds: number,
  random: Random,
): Generator<number> {
  const interval = 1000 / rate;
  const end = seconds * 1000;
  if (arrivals === "constant") {
    for (let i = 0; i * interval < end; i++) yield i * interval;
    return;
  }
  for (let time = exponential(random, interval); time < end; ) {
    yield time;
    time += exponential(random, interval);
  }
}
