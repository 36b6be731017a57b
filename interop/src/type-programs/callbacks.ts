import type { TypeProgram } from "./program.ts";

/** Functions passed to methods. */
export const CALLBACKS: readonly TypeProgram[] = [
  {
    name: "its parameter is inferred",
    code: `await home.each((n) => { void n.toFixed(); });`,
  },
  {
    name: "it takes nothing",
    code: `await home.each(() => {});`,
  },
  {
    name: "it takes more than it is given",
    code: `await home.each((n: number, more: number) => { void n; void more; });`,
  },
  {
    name: "it takes something else",
    code: `await home.each((n: string) => { void n; });`,
  },
  {
    name: "it is async where nothing is asked for",
    code: `await home.each(async (n) => { await home.add(n, 1); });`,
  },
  {
    name: "it gives a value where nothing is asked for",
    code: `await home.each((n) => n);`,
  },
  {
    name: "it gives a value",
    code: `await home.ask((question) => question.toUpperCase());`,
  },
  {
    name: "it gives another value",
    code: `await home.ask((question) => question.length);`,
  },
  {
    name: "it gives a promise where a value is asked for",
    code: `await home.ask(async (question) => question);`,
    deviates: { ours: "accepts", because: "results of callbacks are awaited" },
  },
  {
    name: "it gives a promise",
    code: `await home.askLater(async (question) => question);`,
  },
  {
    name: "it gives a value where a promise is asked for",
    code: `await home.askLater((question) => question);`,
  },
  {
    name: "it gives a promise of another value",
    code: `await home.askLater(async (question) => question.length);`,
  },
  {
    name: "it gives a promise of a call",
    code: `await home.askLater(() => home.text());`,
  },
  {
    name: "it may give either, and gives a value",
    code: `await home.askEither((question) => question);`,
  },
  {
    name: "it may give either, and gives a promise",
    code: `await home.askEither(async (question) => question);`,
  },
  {
    name: "it gives nothing where a promise is asked for",
    code: `await home.doLater(() => {});`,
  },
  {
    name: "it gives a promise of nothing",
    code: `await home.doLater(async () => {});`,
  },
  {
    name: "it gives a promise of something where one of nothing is asked for",
    code: `await home.doLater(async () => 1);`,
  },
  {
    name: "it is lent a stub",
    code: `await home.lend((l) => { void l.dim(1); });`,
  },
  {
    name: "it keeps a stub",
    code: `await home.lend((l) => { const kept: RpcStub<Lamp> = l.dup(); void kept; });`,
  },
  {
    name: "it gets a union",
    code: `await home.onShape((s) => { if (s.kind === "circle") void s.radius.toFixed(); });`,
  },
  {
    name: "a stub for it",
    code: `const f = new RpcStub((n: number) => { void n; }); await home.each(f);`,
  },
  {
    name: "a promise for it",
    code: `const f = null as unknown as RpcPromise<(n: number) => void>; await home.each(f);`,
  },
  {
    name: "no function",
    code: `await home.each(1);`,
  },
  {
    name: "a method of an object",
    code: `const sink = { take(n: number) { void n; } }; await home.each(sink.take);`,
  },
  {
    name: "a generic function",
    code: `const same = <T>(x: T): T => x; await home.ask(same);`,
  },
];
