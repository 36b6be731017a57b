import type { TypeProgram } from "./program.ts";

/** Stubs, promises and sessions that a program makes itself. */
export const CONSTRUCTED: readonly TypeProgram[] = [
  {
    name: "a stub of a target",
    code: `using l: RpcStub<Lamp> = new RpcStub(new Lamp()); await l.dim(1);`,
  },
  {
    name: "a stub of a function",
    code: `using f = new RpcStub((n: number) => n + 1); const n: number = await f(1); void n;`,
  },
  {
    name: "a stub of a plain object",
    code: `using o = new RpcStub({ a: 1 }); const n: number = await o.a; void n;`,
  },
  {
    name: "a stub of a stub of another type",
    code: `const l: RpcStub<Home> = new RpcStub(new Lamp()); void l;`,
  },
  {
    name: "a promise of a target",
    code: `using p = new RpcPromise(Promise.resolve(new Lamp())); await p.dim(1);`,
  },
  {
    name: "a promise of a stub",
    code: `using p: RpcPromise<Lamp> = new RpcPromise(Promise.resolve(lamp)); await p.dim(1);`,
  },
  {
    name: "a promise of a number",
    code: `const n: number = await new RpcPromise(Promise.resolve(1)); void n;`,
  },
  {
    name: "a promise of a value",
    code: `new RpcPromise(1);`,
  },
  {
    name: "a promise of a stub itself",
    code: `new RpcPromise(lamp);`,
  },
  {
    name: "a promise of a promise",
    code: `using p = new RpcPromise(home.lamp()); await p.dim(1);`,
  },
  {
    name: "a promise of a property",
    code: `using p = new RpcPromise(home.main); await p.dim(1);`,
  },
  {
    name: "a promise of another type",
    code: `const p: RpcPromise<string> = new RpcPromise(Promise.resolve(1)); void p;`,
  },
  {
    name: "a promise of an async function's",
    code: `using p = new RpcPromise((async () => new Lamp())()); await p.dim(1);`,
  },
  {
    name: "a call's promise, annotated",
    code: `const p: RpcPromise<Lamp> = home.lamp(); await p.dim(1);`,
  },
  {
    name: "a session",
    code: `const s = new RpcSession<Home>(transport, new Lamp()); await s.getRemoteMain().add(1, 2);`,
  },
  {
    name: "a session without a type",
    code: `const s = new RpcSession(transport); s.getRemoteMain()[Symbol.dispose]();`,
  },
  {
    name: "a session's table sizes",
    code: `const { imports, exports } = new RpcSession(transport).getStats(); void (imports + exports);`,
  },
  {
    name: "a session of a number",
    code: `new RpcSession<number>(transport);`,
  },
  {
    name: "a session with wrong options",
    code: `new RpcSession(transport, undefined, { onSendError: 1 });`,
  },
  {
    name: "a session with limits",
    code: `new RpcSession(transport, undefined, { limits: { maxDepth: 3 } });`,
  },
  {
    name: "an unknown limit",
    code: `new RpcSession(transport, undefined, { limits: { deepest: 3 } });`,
  },
  {
    name: "a session over a number",
    code: `new RpcSession(1);`,
  },
  {
    name: "a WebSocket session",
    code: `using h = newWebSocketRpcSession<Home>("wss://a"); await h.add(1, 2);`,
  },
  {
    name: "a WebSocket session without a type",
    code: `using h = newWebSocketRpcSession("wss://a"); void h;`,
  },
  {
    name: "a batch",
    code: `using h = newHttpBatchRpcSession<Home>("https://a"); await h.add(1, 2);`,
  },
  {
    name: "a port's session",
    code: `const { port1 } = new MessageChannel(); using h = newMessagePortRpcSession<Home>(port1); await h.add(1, 2);`,
  },
  {
    name: "a transport over a WebSocket",
    code: `const t = new WebSocketTransport(new WebSocket("wss://a")); new RpcSession<Home>(t);`,
  },
  {
    name: "a transport of text",
    code: `const t: WebSocketTransport = new WebSocketTransport(new WebSocket("wss://a")); const m: string = await t.receive(); t.send(m);`,
  },
  {
    name: "a transport of bytes",
    code: `const t = new WebSocketTransport<ArrayBuffer>(new WebSocket("wss://a")); const m: ArrayBuffer = await t.receive(); t.send(m);`,
  },
  {
    name: "bytes for a transport of text",
    code: `const t = new WebSocketTransport(new WebSocket("wss://a")); t.send(new ArrayBuffer(1));`,
  },
  {
    name: "a session over bytes",
    code: `new RpcSession(new WebSocketTransport<ArrayBuffer>(new WebSocket("wss://a")));`,
  },
  {
    name: "a transport of numbers",
    code: `new WebSocketTransport<number>(new WebSocket("wss://a"));`,
  },
  {
    name: "a transport of one's own",
    code: `class T implements RpcTransport { async send(m: string) { void m; } async receive() { return ""; } abort(reason: any) { void reason; } } new RpcSession(new T());`,
  },
  {
    name: "a transport that receives numbers",
    code: `new RpcSession({ async send(m: string) { void m; }, async receive() { return 1; } });`,
  },
  {
    name: "a text is compatible",
    code: `type T = Expect<string extends RpcCompatible<string> ? true : false>; void (0 as unknown as T);`,
  },
  {
    name: "a class of targets is compatible",
    code: `type T = Expect<Lamp extends RpcCompatible<Lamp> ? true : false>; void (0 as unknown as T);`,
  },
  {
    name: "an interface is compatible",
    code: `type T = Expect<Home extends RpcCompatible<Home> ? true : false>; void (0 as unknown as T);`,
  },
  {
    name: "a symbol isn't compatible",
    code: `type T = Expect<symbol extends RpcCompatible<symbol> ? false : true>; void (0 as unknown as T);`,
  },
  {
    name: "a stub is compatible",
    code: `type T = Expect<RpcStub<Lamp> extends RpcCompatible<RpcStub<Lamp>> ? true : false>; void (0 as unknown as T);`,
  },
];
