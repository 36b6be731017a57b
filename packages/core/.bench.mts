const root = process.argv[2]!;
const core = await import(`${root}/packages/core/src/index.ts`);
const { RpcSession, RpcTarget, intercept } = core;
class T { receiver: any; peer: any; start(r: any) { this.receiver = r; } send(m: any) { queueMicrotask(() => this.peer.receiver.receive(m)); } abort() {} }
class Api extends RpcTarget { add(a: number, b: number) { return a + b; } cb(f: any) { return 1 } thing() { return new Api() } }
function make(o: any) { const a: any = new T(), b: any = new T(); a.peer = b; b.peer = a; const c = new RpcSession(a, undefined, o.client); new RpcSession(b, new Api(), o.server); return c.getRemoteMain(); }
const plain = make({});
const nothing = intercept && intercept({ call: (_c: any, n: any) => n(), serve: (_c: any, n: any) => n() });
const icept = nothing ? make({ client: { interceptors: nothing }, server: { interceptors: nothing } }) : plain;
async function one(api: any, n: number) { const t = process.hrtime.bigint(); for (let i = 0; i < n; i++) await api.add(i, 2); return Number(process.hrtime.bigint() - t) / n; }
async function flight(api: any, n: number) { const t = process.hrtime.bigint(); for (let i = 0; i < n; i += 200) { const p: any[] = []; for (let j = 0; j < 200; j++) p.push(api.add(i, j)); await Promise.all(p); } return Number(process.hrtime.bigint() - t) / n; }
async function exported(api: any, n: number) { const t = process.hrtime.bigint(); for (let i = 0; i < n; i++) { await api.cb(() => i); } return Number(process.hrtime.bigint() - t) / n; }
const med = (a: number[]) => a.sort((x, y) => x - y)[Math.floor(a.length / 2)]!.toFixed(0);
const r: Record<string, number[]> = {};
const add = (k: string, v: number) => (r[k] ??= []).push(v);
for (let k = 0; k < 40; k++) {
  add("one plain", await one(plain, 3000)); add("one icept", await one(icept, 3000));
  add("flight plain", await flight(plain, 4000)); add("flight icept", await flight(icept, 4000));
  add("export", await exported(plain, 2000));
}
console.log(root, Object.entries(r).map(([k, v]) => `${k} ${med(v)} (min ${Math.min(...v).toFixed(0)})`).join(", "));
