import { Latencies } from "../models/latencies.ts";
import type { Outcomes, Recorded } from "../models/recorder.ts";

/** The figures of a run, as text for the driver. */
export interface Figures {
  readonly kinds: Readonly<
    Record<string, { latencies: string; failures: Readonly<Record<string, number>> }>
  >;
  readonly lag: string;
}

export function encodeFigures({ kinds, lag }: Recorded): Figures {
  const encode = ({ latencies, failures }: Outcomes) => ({
    latencies: latencies.encoded(),
    failures,
  });
  return { kinds: mapValues(kinds, encode), lag: lag.encoded() };
}

export function decodeFigures({ kinds, lag }: Figures): Recorded {
  const decode = ({ latencies, failures }: Figures["kinds"][string]) => ({
    latencies: Latencies.decode(latencies),
    failures,
  });
  return { kinds: mapValues(kinds, decode), lag: Latencies.decode(lag) };
}

function mapValues<T, R>(record: Readonly<Record<string, T>>, map: (value: T) => R) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
