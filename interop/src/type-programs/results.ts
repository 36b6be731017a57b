import type { TypeProgram } from "./program.ts";

/** Results of calls, awaited. */
export const RESULTS: readonly TypeProgram[] = [
  {
    name: "a number",
    code: `const n: number = await home.add(1, 2); void n;`,
  },
  {
    name: "a number for a text",
    code: `const n: string = await home.add(1, 2); void n;`,
  },
  {
    name: "a stub of a target",
    code: `const l: RpcStub<Lamp> = await home.lamp(); await l.dim(1);`,
  },
  {
    name: "a target itself",
    code: `const l: Lamp = await home.lamp(); void l;`,
  },
  {
    name: "a later target",
    code: `using l = await home.lampLater(); await l.dim(1);`,
  },
  {
    name: "a method that isn't there",
    code: `using l = await home.lamp(); await l.brighten();`,
  },
  {
    name: "a maybe missing target, checked",
    code: `using l = await home.lampOrNothing(); if (l) await l.dim(1);`,
  },
  {
    name: "a maybe missing target, unchecked",
    code: `const l = await home.lampOrNothing(); await l.dim(1);`,
  },
  {
    name: "a list of targets",
    code: `const [first] = await home.lamps(); await first!.dim(1);`,
  },
  {
    name: "an object with methods",
    code: `const s = await home.sensor(1); const n: number = await s.read(); void n;`,
  },
  {
    name: "a method's result unawaited",
    code: `const s = await home.sensor(1); const n: number = s.read(); void n;`,
  },
  {
    name: "an optional member",
    code: `const s = await home.sensor(1); const e: string | undefined = s.owner?.email; void e;`,
  },
  {
    name: "an optional member unchecked",
    code: `const s = await home.sensor(1); s.owner.email;`,
  },
  {
    name: "a union, narrowed",
    code: `const s = await home.shape(); if (s.kind === "circle") { const r: number = s.radius; void r; }`,
  },
  {
    name: "a union, not narrowed",
    code: `const s = await home.shape(); s.radius;`,
  },
  {
    name: "a tuple",
    code: `const [n, t] = await home.pair(); const r: [number, string] = [n, t]; void r;`,
  },
  {
    name: "a date",
    code: `const d = await home.when(); d.getTime();`,
  },
  {
    name: "an error",
    code: `const e = await home.failure(); e.message.length;`,
  },
  {
    name: "an address",
    code: `const u = await home.address(); u.href.length;`,
  },
  {
    name: "bytes",
    code: `const b = await home.bytes(); b.byteLength;`,
  },
  {
    name: "headers",
    code: `const h = await home.headers(); h.get("a");`,
  },
  {
    name: "a request",
    code: `const r = await home.request(); await r.text();`,
  },
  {
    name: "a response",
    code: `const r = await home.response(); await r.text();`,
  },
  {
    name: "a blob",
    code: `const b = await home.blob(); await b.text();`,
  },
  {
    name: "a readable",
    code: `const r = await home.readable(); r.getReader();`,
  },
  {
    name: "a writable",
    code: `const w = await home.writable(); await w.getWriter().write("a");`,
  },
  {
    name: "a date that is disposed of",
    code: `using d = await home.when(); void d;`,
  },
  {
    name: "a stream that is disposed of",
    code: `using r = await home.readable(); void r;`,
  },
  {
    name: "a text that is disposed of",
    code: `using t = await home.text(); void t;`,
  },
  {
    name: "nothing",
    code: `const v: void = await home.nothing(); void v;`,
  },
  {
    name: "a result of any is a promise",
    code: `const p: Promise<unknown> = home.any(); await p;`,
  },
  {
    name: "a result of any isn't any",
    code: `const a = home.any(); type T = Expect<Equal<IsAny<typeof a>, false>>; void (0 as unknown as T);`,
  },
  {
    name: "the value of a result of any, used",
    code: `const a = await home.any(); a.whatever();`,
    deviates: { ours: "accepts", because: "the interface says any" },
  },
  {
    name: "the value of an unknown result",
    code: `const a = await home.unknown(); a.whatever();`,
  },
  {
    name: "a record",
    code: `const r = await home.record(); const n: number | undefined = r.a; void n;`,
  },
  {
    name: "a function",
    code: `using f = await home.callback(); const t: string = await f(1); void t;`,
  },
  {
    name: "a function given what it doesn't take",
    code: `using f = await home.callback(); await f("a");`,
  },
  {
    name: "a property",
    code: `const n: number = await home.level; void n;`,
  },
  {
    name: "a nested property",
    code: `const t: string = await home.nested.deep.value; void t;`,
  },
  {
    name: "an assigned property",
    code: `home.level = 1;`,
  },
  {
    name: "objects are disposable",
    code: `using s = await home.sensor(1); void s;`,
  },
  {
    name: "a stub result is what the stub stands for",
    code: `const l: RpcStub<Lamp> = await home.lampStub(); void l;`,
  },
  {
    name: "promises have catch and finally",
    code: `await home.text().catch(() => "").finally(() => {});`,
  },
  {
    name: "then gives the value",
    code: `await home.text().then((t) => t.toUpperCase());`,
  },
];
