// Shows the objects that a held stub, a pending call or an idle session keeps alive at each end:
// `npm run heap -- stub`. Takes heap snapshots before and after a further portion of units is held,
// and divides the difference by the units. `--without-net` turns the safety net for forgotten stubs
// off. `--root DIR` measures the packages of another checkout.
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { bundle, packagesOf } from "../src/driver/bundle.ts";
import { NEWEST_NODE, nodeOf } from "../src/driver/node.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    root: { type: "string", default: fileURLToPath(new URL("../..", import.meta.url)) },
    node: { type: "string", default: NEWEST_NODE },
    "without-net": { type: "boolean", default: false },
  },
});
const PORTIONS = { stub: 4_096, call: 4_096, session: 200 };
const [unit = "stub"] = positionals;
const portion = PORTIONS[unit];
const options = { releaseForgotten: !values["without-net"] };

const directory = mkdtempSync(join(tmpdir(), "capnweb-heap-"));
const ends = [];
try {
  const { program } = await bundle({ program: "heap/program.ts" }, "heap", [
    packagesOf(values.root),
  ]);
  const { path } = nodeOf(values.node, false);
  const start = () => {
    const end = fork(program, { execPath: path, execArgv: ["--expose-gc"] });
    ends.push(end);
    return async (...command) => {
      end.send(command);
      return (await once(end, "message"))[0];
    };
  };
  const server = start();
  const client = start();
  const port = await server("serve", options);
  const hold = () => client("hold", unit, portion, port, options);
  await hold();
  const before = [await client("memory"), await server("memory")];
  await hold();
  const after = [await client("memory"), await server("memory")];
  console.log(
    `bytes per ${unit}: client ${Math.round((after[0] - before[0]) / portion)}, ` +
      `server ${Math.round((after[1] - before[1]) / portion)}`,
  );
  for (const [name, end] of Object.entries({ client, server })) {
    const file = (each) => join(directory, `${name}-${each}.heapsnapshot`);
    await end("snapshot", file("before"));
  }
  await hold();
  for (const [name, end] of Object.entries({ client, server })) {
    const file = (each) => join(directory, `${name}-${each}.heapsnapshot`);
    await end("snapshot", file("after"));
    print(name, countsOf(file("before")), countsOf(file("after")));
  }
} finally {
  for (const end of ends) end.kill();
  rmSync(directory, { recursive: true, force: true });
}

/** The count and size of the objects of a snapshot, by their kind. */
function countsOf(file) {
  const { snapshot, nodes, strings } = JSON.parse(readFileSync(file, "utf8"));
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const at = (name) => fields.indexOf(name);
  const [type, name, size] = [at("type"), at("name"), at("self_size")];
  const counts = new Map();
  for (let i = 0; i < nodes.length; i += fields.length) {
    const kind = types[type][nodes[i + type]];
    const text = strings[nodes[i + name]];
    const key = /string|number|bigint/.test(kind) ? kind : `${kind} ${text}`.slice(0, 80);
    const sum = counts.get(key) ?? { count: 0, bytes: 0 };
    sum.count++;
    sum.bytes += nodes[i + size];
    counts.set(key, sum);
  }
  return counts;
}

function print(end, before, after) {
  console.log(`\n${end}\n bytes  count`);
  const rows = [...after].map(([kind, { count, bytes }]) => {
    const earlier = before.get(kind) ?? { count: 0, bytes: 0 };
    return {
      kind,
      count: (count - earlier.count) / portion,
      bytes: (bytes - earlier.bytes) / portion,
    };
  });
  rows.sort((a, b) => b.bytes - a.bytes);
  let sum = 0;
  for (const { kind, count, bytes } of rows) {
    sum += bytes;
    if (bytes >= 4) console.log(`${bytes.toFixed(0).padStart(6)}  ${count.toFixed(2)}  ${kind}`);
  }
  console.log(`${sum.toFixed(0).padStart(6)}  together`);
}
