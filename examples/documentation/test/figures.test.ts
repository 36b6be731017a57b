// The figures that README.md quotes are those of the pages that the measuring commands write.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");

interface Result {
  readonly name: string;
  readonly figures?: Readonly<Record<string, { readonly median: number }>>;
}

/** The results on the first version of Node, which the pages quote. */
const [{ results }] = JSON.parse(read("docs/benchmarks.json")).runs as [{ results: Result[] }];

/** The names of the libraries in the results. */
const NAMES: Readonly<Record<string, string>> = { "@capnweb": "ours", capnweb: "reference" };

function perSecond(result: string, library: string): number | undefined {
  const { figures } = results.find(({ name }) => name === result)!;
  const figure = figures![NAMES[library] ?? library];
  return figure && Math.round(1e9 / figure.median);
}

test("README.md quotes the benchmarks, the load, the recordings and the sizes", () => {
  const readme = read("README.md").replaceAll(/\s+/g, " ");
  const calls = (library: string) => perSecond("200 in flight, small argument", library)!;
  expect(readme).toContain(`${calls("@capnweb").toLocaleString("en-US")} small calls a second`);
  const times = (library: string) => Math.round(calls("@capnweb") / calls(library));
  expect(readme).toContain(`${times("capnweb")} times as many as \`capnweb\``);
  expect(readme).toContain(`${times("socket.io")} times as many as socket.io`);
  expect(readme).toContain(`${times("tRPC")} times as many as tRPC`);
  const idle = /An idle session is connected[^*]*\*\*([\d.]+ KiB)\*\*/.exec(read("docs/load.md"))!;
  expect(readme).toContain(`An idle session takes ${idle[1]} of a server`);
  const recordings = /exactly: (\d+) of \1\./.exec(read("docs/interop.md"))!;
  expect(readme).toContain(`${recordings[1]} recordings`);
  const client = /\| a WebSocket client \(wire, core, transport-ws\) \| (\d+)/.exec(
    read("docs/sizes.md"),
  )!;
  expect(readme).toContain(`has ${Number(client[1]).toLocaleString("en-US")} bytes`);
});
