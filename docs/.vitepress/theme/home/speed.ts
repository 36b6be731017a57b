import type { Row } from "./figures.data.ts";

/** The part of docs/benchmarks.json that the home page shows. */
export interface Benchmarks {
  readonly date: string;
  readonly runs: readonly {
    readonly node: string;
    readonly results: readonly {
      readonly name: string;
      readonly figures: Readonly<Record<string, { readonly median?: number }>>;
    }[];
  }[];
}

/** The cases that the home page shows, by their names in the benchmarks. */
const CASES: readonly { name: string; what: string; format: (value: number) => string }[] = [
  { name: "one call at a time", what: "a call, awaited", format: time },
  { name: "200 in flight, small argument", what: "a call, 200 in flight", format: time },
  { name: "an order, one at a time", what: "a call with an object of 1.4 KB", format: time },
  { name: "a chain of ten", what: "ten calls, each on the result of the last", format: time },
  { name: "HTTP batch of 1,000", what: "1,000 calls in one HTTP request", format: time },
  { name: "heap per pending call", what: "memory for a pending call", format: bytes },
  { name: "heap per idle session", what: "memory for an idle session", format: bytes },
];

/** @throws Error if the benchmarks no longer have a case */
export function speedRows({ runs }: Benchmarks, libraries: readonly string[]): Row[] {
  return CASES.map(({ name, what, format }) => {
    const result = runs[0]?.results.find((each) => each.name === name);
    if (result === undefined) throw new Error(`docs/benchmarks.json has no case "${name}".`);
    const figures = libraries.map((library) => {
      const median = result.figures[library]?.median;
      return median === undefined ? undefined : format(median);
    });
    return { what, figures };
  });
}

function time(nanoseconds: number): string {
  return nanoseconds < 1e6
    ? `${significant(nanoseconds / 1e3)} µs`
    : `${significant(nanoseconds / 1e6)} ms`;
}

function bytes(count: number): string {
  return `${significant(count / 1e3)} kB`;
}

function significant(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(2).replace(/e\+\d+$/, "");
}
