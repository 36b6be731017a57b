import { OURS, REFERENCE, withSessionOptions } from "../implementation.ts";
import { createMemoryLink } from "@capnweb/testkit";
import { pullEnd } from "./pull-end.ts";
Error.stackTraceLimit = 30;
const ours = withSessionOptions(OURS, { releaseForgotten: false });
for (const rpc of [REFERENCE, ours]) {
    const link = createMemoryLink();
    let orig: any;
    class T extends rpc.RpcTarget { get name() { return "n"; } m() { return 1; } }
    class Main extends rpc.RpcTarget { async take(x: any) { link.cut(new Error("cut")); try { await x.name; } catch (e: any) { console.log(e.stack.slice(0, 1500)); } await link.settle(); try { await x.m(); } catch (e: any) { console.log(e.message); } } }
    const c = new rpc.RpcSession(pullEnd(link.client)); new rpc.RpcSession(pullEnd(link.server), new Main());
    const api: any = c.getRemoteMain();
    await api.take(new T()).catch(() => {});
    await link.settle();
    await link.settle();
}
process.exit(0);
