import { OURS, REFERENCE, withSessionOptions } from "../implementation.ts";
import { createMemoryLink } from "@capnweb/testkit";
import { pullEnd } from "./pull-end.ts";
const ours = withSessionOptions(OURS, { releaseForgotten: false });
for (const rpc of [REFERENCE, ours]) for (const how of ["disposed", "arg after call", "arg after end", "result after end", "main after end", "promise disposed", "local disposed", "main disposed"]) {
    const link = createMemoryLink();
    const log: string[] = [];
    let kept: any;
    class T extends rpc.RpcTarget { get name() { return "n"; } m() { return 1; } }
    class Main extends rpc.RpcTarget { t() { return new T(); } async take(x: any) { kept = x; if (how === "arg after end") await new Promise(() => {}); } }
    const c = new rpc.RpcSession(pullEnd(link.client)); new rpc.RpcSession(pullEnd(link.server), new Main());
    const api: any = c.getRemoteMain();
    let r;
    const reg = (x: any) => { try { x.onRpcBroken((e: any) => log.push("cb " + e.message)); log.push("registered"); } catch (e: any) { log.push("threw " + e.message.slice(0, 50)); } };
    if (how === "disposed") { const t = await api.t(); t[Symbol.dispose](); reg(t); link.cut(new Error("cut")); }
    if (how === "arg after call") { await api.take(new T()); reg(kept); link.cut(new Error("cut")); }
    if (how === "arg after end") { api.take(new T()).catch(() => {}); await link.settle(); link.cut(new Error("cut")); await link.settle(); reg(kept); }
    if (how === "result after end") { const t = await api.t(); link.cut(new Error("cut")); await link.settle(); reg(t); }
    if (how === "main after end") { link.cut(new Error("cut")); await link.settle(); reg(api); }
    if (how === "promise disposed") { const t = api.t(); t[Symbol.dispose](); reg(t); await link.settle(); link.cut(new Error("cut")); }
    if (how === "local disposed") { const t: any = new rpc.RpcStub(new T()); t[Symbol.dispose](); reg(t); }
    if (how === "main disposed") { api[Symbol.dispose](); reg(api); await link.settle(); }
    await link.settle();
    console.log(rpc === ours ? "ours" : "ref ", how, log.join(" | "));
}
process.exit(0);
