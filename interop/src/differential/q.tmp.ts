import { OURS, REFERENCE, withSessionOptions } from "../implementation.ts";
import { createMemoryLink } from "@capnweb/testkit";
import { pullEnd } from "./pull-end.ts";
const ours = withSessionOptions(OURS, { releaseForgotten: false });
for (const rpc of [REFERENCE, ours]) for (const mode of ["sync", "async", "asyncAwait"]) for (const how of ["await prop", "call"]) {
  const seen: string[] = [];
  for (let k = 0; k < 12; k++) {
    const link = createMemoryLink();
    const use = async (cb: any) => { for (let i = 0; i < k; i++) await null; try { await (how === "call" ? cb.m() : cb.name); seen.push(k + "ok"); } catch (e: any) { seen.push(k + "no"); } };
    class T extends rpc.RpcTarget { get name() { return "n"; } m() { return 1; } }
    class Main extends rpc.RpcTarget { sync(cb: any) { void use(cb); return 1; } async async(cb: any) { void use(cb); return 1; } async asyncAwait(cb: any) { void use(cb); await null; return 1; } }
    const c = new rpc.RpcSession(pullEnd(link.client)); new rpc.RpcSession(pullEnd(link.server), new Main());
    await (c.getRemoteMain() as any)[mode](new T());
    await link.settle();
  }
  console.log(rpc === ours ? "ours" : "ref ", mode, how, seen.join(" "));
}
process.exit(0);
