import { runProgram } from "./run.ts";
import { OURS, REFERENCE, withSessionOptions } from "../implementation.ts";
import { places } from "./places.ts";
import { operations } from "./operations.ts";
const place = (n: string) => places.find((p) => p.name === n)!;
const op = (n: string) => operations.find((p) => p.name === n)!;
const ours = withSessionOptions(OURS, { releaseForgotten: false });
class Plain {}
const fns: Record<string, () => unknown> = {
  arrow: () => () => 1, async: () => async () => 1, gen: () => function* () {}, asyncgen: () => async function* () {},
  class: () => Plain, subclass: () => class X extends Plain {}, bound: () => (() => 1).bind(null), proxyfn: () => new Proxy(() => 1, {}),
  nullproto: () => Object.setPrototypeOf(() => 1, null), builtin: () => parseInt, objproto: ()=>Object.setPrototypeOf(()=>1, {a:1}),
};
for (const [n, make] of Object.entries(fns)) for (const rpc of [REFERENCE, ours]) {
  const r = await runProgram(rpc, { kind: { name: n, make }, place: place("argument"), operation: op("await") });
  console.log(n, rpc === ours ? "ours" : "ref", r.outcome, r.seen);
}
process.exit(0);
