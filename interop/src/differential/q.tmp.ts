import { OURS, REFERENCE, withSessionOptions } from "../implementation.ts";
import { createMemoryLink } from "@capnweb/testkit";
import { pullEnd } from "./pull-end.ts";
import { describeValue, attempt } from "./describe-value.ts";
const ours = withSessionOptions(OURS, { releaseForgotten: false });
for (const rpc of [REFERENCE, ours]) for (const how of ["result", "arg", "local", "property", "disposed-stub", "maptwice", "inmap", "capture"]) {
    const link = createMemoryLink();
    const log: string[] = [];
    class T extends rpc.RpcTarget { get name() { return "n"; } m() { return 1; } [Symbol.dispose]() { log.push("T"); } }
    class Main extends rpc.RpcTarget { list() { return new rpc.RpcStub([1, 2]); } async take(x: any) { return describeValue({ rpc } as any, await x.map((e: any) => [e])); } get l() { return new rpc.RpcStub([1, 2]); } numbers() { return [1, 2]; } use(x: any) { return x.name; } t() { return new T(); } }
    const c = new rpc.RpcSession(pullEnd(link.client)); new rpc.RpcSession(pullEnd(link.server), new Main());
    const api: any = c.getRemoteMain();
    const w = { rpc } as any;
    let r = "waits";
    void attempt(async () => {
      if (how === "result") return describeValue(w, await api.list().map((e: any) => [e]));
      if (how === "property") return describeValue(w, await api.l.map((e: any) => [e]));
      if (how === "arg") return api.take(new rpc.RpcStub([1, 2]));
      if (how === "local") return describeValue(w, await new rpc.RpcStub([1, 2]).map((e: any) => [e]));
      if (how === "capture") { const t = await api.t(); const a = await api.numbers().map(() => api.use(t)); return [a, await t.name, log]; }
      if (how === "inmap") { const t = new rpc.RpcStub(new T()); const a = await api.numbers().map(() => api.use(t)); const b = await attempt(() => t.name); const l = [...log]; await attempt(()=>api.numbers().map(() => api.use(t))); t[Symbol.dispose](); return JSON.stringify([a, b, l, log]); }
      if (how === "maptwice") { const t = new rpc.RpcStub(new T()); const a = await t.map((x: any) => x.name); const b = await attempt(() => t.map((x: any) => x.name)); return [a, b, log]; }
    }).then((t) => (r = t));
    await link.settle();
    console.log(rpc === ours ? "ours" : "ref ", how, r);
}
process.exit(0);
