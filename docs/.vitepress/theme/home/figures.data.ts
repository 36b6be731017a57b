import { readFileSync } from "node:fs";
import { defineLoader } from "vitepress";
import { sizeRow } from "./size.ts";
import { type Benchmarks, speedRows } from "./speed.ts";

/** A row of the home page's table: what is measured, and a figure for each library. */
export interface Row {
  readonly what: string;
  readonly figures: readonly (string | undefined)[];
}

export interface Figures {
  readonly libraries: readonly string[];
  readonly rows: readonly Row[];
  readonly node: string;
  readonly date: string;
}

/** The libraries by their names in docs/benchmarks.json. */
const LIBRARIES: ReadonlyMap<string, string> = new Map([
  ["ours", "@capnweb"],
  ["reference", "capnweb"],
  ["tRPC", "tRPC"],
  ["oRPC", "oRPC"],
  ["socket.io", "socket.io"],
  ["birpc", "birpc"],
]);

export declare const data: Figures;

export default defineLoader({
  watch: ["../../../benchmarks.json", "../../../sizes.md"],
  load(files): Figures {
    const textOf = (end: string) => readFileSync(files.find((file) => file.endsWith(end))!, "utf8");
    const benchmarks: Benchmarks = JSON.parse(textOf("benchmarks.json"));
    const ids = [...LIBRARIES.keys()];
    return {
      libraries: [...LIBRARIES.values()],
      rows: [...speedRows(benchmarks, ids), sizeRow(textOf("sizes.md"), ids.length)],
      node: benchmarks.runs[0]!.node,
      date: benchmarks.date.slice(0, 10),
    };
  },
});
