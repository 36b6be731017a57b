import type { TypeProgram } from "./program.ts";

/** Members of promises and stubs, before anything is awaited. */
export const MEMBERS: readonly TypeProgram[] = [
  {
    name: "pipelining through targets",
    code: `await home.lamp().twin().twin().dim(1);`,
  },
  {
    name: "a wrong argument at the end of a pipeline",
    code: `await home.lamp().twin().dim("a");`,
  },
  {
    name: "a member that isn't there",
    code: `home.lamp().brighten;`,
  },
  {
    name: "a getter",
    code: `const b: boolean = await home.lamp().isLit; void b;`,
  },
  {
    name: "a getter called",
    code: `await home.lamp().isLit();`,
  },
  {
    name: "a property of a result",
    code: `const t: string = await home.sensor(1).label; void t;`,
  },
  {
    name: "a member of an optional member",
    code: `const t: string = await home.sensor(1).owner.email; void t;`,
    deviates: { ours: "accepts", because: "calls can be pipelined to what may be there" },
  },
  {
    name: "a member of a maybe missing target",
    code: `await home.lampOrNothing().dim(1);`,
    deviates: { ours: "accepts", because: "calls can be pipelined to what may be there" },
  },
  {
    name: "an element's member",
    code: `await home.sensors()[0]!.read();`,
  },
  {
    name: "elements of a tuple",
    code: `const t: string = await home.pair()[1]; void t;`,
  },
  {
    name: "an element that a tuple lacks",
    code: `const t = home.pair()[7]; void t;`,
  },
  {
    name: "the length of a list",
    code: `home.sensors().length;`,
  },
  {
    name: "a method of lists",
    code: `home.sensors().filter(() => true);`,
  },
  {
    name: "iteration over a list",
    code: `for (const each of home.sensors()) void each;`,
  },
  {
    name: "the length of a text",
    code: `home.text().length;`,
    deviates: { ours: "refuses", because: "a peer reaches no members of values" },
  },
  {
    name: "a method of texts",
    code: `home.text().toUpperCase();`,
    deviates: { ours: "refuses", because: "a peer reaches no members of values" },
  },
  {
    name: "a method of numbers",
    code: `home.level.toFixed();`,
    deviates: { ours: "refuses", because: "a peer reaches no members of values" },
  },
  {
    name: "a method of dates",
    code: `home.when().getTime();`,
    deviates: { ours: "refuses", because: "a peer reaches no members of values" },
  },
  {
    name: "the message of an error",
    code: `home.failure().message;`,
    deviates: { ours: "refuses", because: "a peer reaches no members of values" },
  },
  {
    name: "the href of an address",
    code: `home.address().href;`,
    deviates: { ours: "refuses", because: "a peer reaches no members of values" },
  },
  {
    name: "the length of bytes",
    code: `home.bytes().byteLength;`,
    deviates: { ours: "refuses", because: "a peer reaches no members of values" },
  },
  {
    name: "a method of headers",
    code: `home.headers().get("a");`,
    deviates: { ours: "refuses", because: "a peer reaches no members of values" },
  },
  {
    name: "a request's address",
    code: `home.request().url;`,
    deviates: { ours: "refuses", because: "a peer reaches no members of values" },
  },
  {
    name: "a response's text",
    code: `home.response().text();`,
    deviates: { ours: "refuses", because: "a peer reaches no members of values" },
  },
  {
    name: "a blob's size",
    code: `home.blob().size;`,
    deviates: { ours: "refuses", because: "a peer reaches no members of values" },
  },
  {
    name: "a stream's reader",
    code: `home.readable().getReader();`,
    deviates: { ours: "refuses", because: "a peer reaches no members of values" },
  },
  {
    name: "a sink's writer",
    code: `home.writable().getWriter();`,
    deviates: { ours: "refuses", because: "a peer reaches no members of values" },
  },
  {
    name: "a member of a record",
    code: `const n: number = await home.record().a; void n;`,
  },
  {
    name: "a call of a function that is a result",
    code: `const t: string = await home.callback()(1); void t;`,
  },
  {
    name: "a call of what is no function",
    code: `home.text()();`,
  },
  {
    name: "a common member of a union",
    code: `const k: "circle" | "square" = await home.shape().kind; void k;`,
  },
  {
    name: "a member of one part of a union",
    code: `home.shape().radius;`,
  },
  {
    name: "a member of an unknown result",
    code: `home.unknown().whatever;`,
  },
  {
    name: "a member of a result of any",
    code: `home.any().whatever;`,
    deviates: { ours: "accepts", because: "the interface says any" },
  },
  {
    name: "a member of a result that never comes",
    code: `home.never().whatever;`,
  },
  {
    name: "a stub isn't a promise",
    code: `lamp.then(() => {});`,
  },
  {
    name: "a duplicate",
    code: `using l = lamp.dup(); await l.dim(1);`,
  },
  {
    name: "a duplicate of a promise",
    code: `using l = home.lamp().dup(); await l.dim(1);`,
  },
  {
    name: "the end of a stub",
    code: `lamp.onRpcBroken((error) => { void error.message; });`,
  },
  {
    name: "a stub that is disposed of",
    code: `using l = lamp; void l;`,
  },
  {
    name: "a promise that is disposed of",
    code: `home.lamp()[Symbol.dispose]();`,
  },
  {
    name: "a method that is kept as a value",
    code: `const dim = lamp.dim; await dim(1);`,
  },
  {
    name: "a stub's own class",
    code: `const isStub: boolean = lamp instanceof RpcStub; void isStub;`,
  },
  {
    name: "toString of a promise",
    code: `const t: string = home.lamp().toString(); void t;`,
  },
];
