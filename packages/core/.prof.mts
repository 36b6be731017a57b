const { RpcSession, RpcTarget, intercept } = await import(`/tmp/wt/interceptors/packages/core/src/index.ts`) as any;
class T { receiver: any; peer: any; start(r: any) { this.receiver = r; } send(m: any) { queueMicrotask(() => this.peer.receiver.receive(m)); } abort() {} }
class Api extends RpcTarget { add(a: number, b: number) { return a + b; } }
function make(o: any) { const a: any = new T(), b: any = new T(); a.peer = b; b.peer = a; const c = new RpcSession(a, undefined, o.client); new RpcSession(b, new Api(), o.server); return c.getRemoteMain(); }
const nothing = intercept({ call: (_c: any, n: any) => n(), serve: (_c: any, n: any) => n() });
const which = process.argv[2];
const api = make({ client: which?.includes("c") ? { interceptors: nothing } : {}, server: which?.includes("s") ? { interceptors: nothing } : {} });
const best: number[] = [];
for (let k = 0; k < 60; k++) { const t = process.cpuUsage(); for (let i = 0; i < 6000; i += 200) { const p: any[] = []; for (let j = 0; j < 200; j++) p.push(api.add(i, j)); await Promise.all(p); } const u = process.cpuUsage(t); best.push((u.user + u.system) / 6); }
best.sort((a, b) => a - b);
console.log(which, "cpu ns/call: min", best[0]!.toFixed(0), "median", best[30]!.toFixed(0));
