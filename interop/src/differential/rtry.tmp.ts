import fc from "fast-check";
import { randomPrograms } from "./random.ts";
import { runBoth } from "./difference.ts";
import { Comparison } from "./compare.ts";
import { exceptions } from "./exceptions/index.ts";
import { nameOf } from "./enumerate.ts";
const c = new Comparison(exceptions);
const t = Date.now(); let n = 0; const bad = new Map<string, string>();
for (const p of fc.sample(randomPrograms, { numRuns: Number(process.argv[2] ?? 300), seed: Number(process.argv[3] ?? 1) })) {
  n++;
  const d = await runBoth(p);
  const u = c.unexplained(d);
  if (u.length) { const sig = u.map((k) => k + "\n   ref " + [d.reference[k]].flat().join(" ⏎ ").slice(0, 500) + "\n   our " + [d.ours[k]].flat().join(" ⏎ ").slice(0, 500)).join("\n"); bad.set(nameOf(p), sig); }
}
console.log(n, bad.size, Date.now() - t, "ms");
for (const [k, s] of [...bad].slice(0, Number(process.argv[4] ?? 8))) console.log(k.slice(0, 300), "\n  ", s.slice(0, 1500));
process.exit(0);
