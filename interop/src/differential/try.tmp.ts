import { allPrograms } from "./enumerate.ts";
import { runProgram } from "./run.ts";
import { Comparison } from "./compare.ts";
import { exceptions } from "./exceptions/index.ts";
import { OURS, REFERENCE, withSessionOptions } from "../implementation.ts";
import { writeFileSync, existsSync, readFileSync } from "node:fs";
const ours = withSessionOptions(OURS, { releaseForgotten: false });
const only = process.argv[2]!.split(";");
const pattern = new RegExp(process.argv[4] ?? "");
let n = 0, diffs: any[] = [];
const t = Date.now();
const examples = new Map<any, string[]>();
const comparison = new Comparison(exceptions);
process.on("uncaughtException", (e) => { diffs.push({ name: "uncaught", e: String(e?.stack) }); });
for (const p of allPrograms()) {
  const name = `${p.operation.name} | ${p.kind.name} | ${p.place.name} | ${p.medium}`;
  if (only[0] && !only.includes(p.operation.name)) continue;
  if (!pattern.test(name)) continue;
  n++;
  const a: any = await runProgram(REFERENCE, p);
  const b: any = await runProgram(ours, p);
  const d: any = {};
  const before = new Map(comparison.uses);
  const difference = { program: p, reference: a, ours: b };
  for (const k of comparison.unexplained(difference)) d[k] = { ref: a[k], ours: b[k] };
  for (const [e, c] of comparison.uses) if (c > before.get(e)!) { const l = examples.get(e) ?? []; examples.set(e, l); l.push(name); }
  if (Object.keys(d).length) diffs.push({ name, d });
}
console.log(n, "programs", diffs.length, "differ", Date.now() - t, "ms");
for (const [e, c] of comparison.uses) console.log(c, e.entry);
writeFileSync(process.argv[3] ?? "/tmp/differ-out.json", JSON.stringify(diffs, null, 1));
writeFileSync("/tmp/examples.json", JSON.stringify([...exceptions].map((e, i) => [i, e.entry, (examples.get(e) ?? []).filter((_, k, a) => k < 4 || k % Math.ceil(a.length / 12) === 0)]), null, 1));
process.exit(0);
