// The rates that docs/comparison.md quotes.
import type { Pair } from "../cases/case.ts";
import type { Report, Result } from "../driver/results.ts";
import { asAlignedMarkdown, type Table } from "./table.ts";
import { LEAST_TOLERANCE } from "./verdict.ts";

const LIBRARIES: Readonly<Record<string, Pair>> = {
  "@capnweb": "ours",
  capnweb: "reference",
  tRPC: "tRPC",
  oRPC: "oRPC",
  "socket.io": "socket.io",
  birpc: "birpc",
};

/** The rows of the table, and their cases. */
const ROWS: Readonly<Record<string, string>> = {
  "calls, one at a time": "one call at a time",
  "calls, 200 in flight, small": "200 in flight, small argument",
  "orders of 1.4 KB, one at a time": "an order, one at a time",
  "orders of 1.4 KB, 200 in flight": "an order, 200 in flight",
  "lists of 400 records, one at a time": "400 records, one at a time",
  "callbacks from the server": "callbacks from the server",
  "HTTP batches of one call": "HTTP batch of 1",
  "HTTP batches of 50 calls": "HTTP batch of 50",
  "objects in a stream": "objects down, as a stream",
  "WebSocket sessions opened": "sessions opened",
};

/** The paragraph and the table of docs/comparison.md, of the first run. */
export function comparisonSection({ date, runs }: Pick<Report, "date" | "runs">): string {
  const [run] = runs;
  if (run === undefined) throw new Error("There is nothing to quote.");
  const version = run.node.slice(1).split(".")[0];
  return `Node ${version}, both ends on one machine, higher is better. The fastest are bold, with those at most
${LEAST_TOLERANCE * 100} % slower. The figures are some of [benchmarks](benchmarks.md) of ${date.slice(0, 10)}, made by
\`pnpm bench\`. [Performance](performance.md) describes the method. Comlink and gRPC-web aren't
measured.

${asAlignedMarkdown(tableOf(run.results))}`;
}

function tableOf(results: readonly Result[]): Table {
  return {
    columns: ["a second", ...Object.keys(LIBRARIES)],
    rows: Object.entries(ROWS).flatMap(([row, name]) => {
      const result = results.find((each) => each.name === name);
      if (result?.kind !== "timed") return [];
      const rates = Object.values(LIBRARIES).map((pair) => {
        const figure = result.figures[pair];
        return figure && 1e9 / figure.median;
      });
      return [[row, ...cellsOf(rates)]];
    }),
  };
}

/** Rates as cells of a row, the fastest in bold. A library that wasn't measured has none. */
function cellsOf(rates: readonly (number | undefined)[]): string[] {
  const fastest = Math.max(...rates.map((rate) => rate ?? 0));
  return rates.map((rate) => {
    if (rate === undefined) return "–";
    const text = Math.round(rate).toLocaleString("en");
    return rate >= fastest * (1 - LEAST_TOLERANCE) ? `**${text}**` : text;
  });
}

/** The lines around the section in docs/comparison.md. */
const AROUND = /(<!-- the benchmarks[^>]*-->\n\n).*(\n\n<!-- end of the benchmarks -->)/s;

/**
 * The text of docs/comparison.md with another section of benchmarks.
 *
 * @throws Error if the page doesn't mark the place of the section
 */
export function withSection(page: string, section: string): string {
  if (!AROUND.test(page)) throw new Error("docs/comparison.md doesn't mark its benchmarks.");
  return page.replace(AROUND, (_, before, after) => before + section + after);
}
