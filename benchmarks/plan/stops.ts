import { callOptions, RpcSession, type RpcStub, RpcTarget } from "@capnweb/core";
import { offerPlans, type PlanJson, PlanRunner } from "@capnweb/plan";
import { createMemoryLink } from "@capnweb/testkit";
import { printTable, processorTime } from "./ways.ts";

/** The largest operands that the steps of the default limits let an operator use. */
const UNITS = 6_400_000;
const ELEMENTS = 800_000;
const TEXTS = 100_000;
const MEMBERS = 50_000;

/** Milliseconds until a plan is cancelled. They differ, to meet it in other parts of its work. */
const DELAYS = [20, 33, 47];

const TEXT = whole("a".repeat(UNITS));
const NUMBERS = Array.from({ length: ELEMENTS }, (_, i) => i);
const LISTS = NUMBERS.slice(0, ELEMENTS / 2).map((each) => [each]);
const SAMES = NUMBERS.slice(0, TEXTS).map(() => ["x"]);
const KEYS = NUMBERS.slice(0, TEXTS).map((each) => `k${each}`);

/** The engine puts a text together when it is first read. This must not count as an operator's. */
function whole(text: string): string {
  text.charCodeAt(0);
  return text;
}

const OPERANDS: Readonly<Record<string, unknown>> = {
  text: TEXT,
  other: whole(`${TEXT.slice(1)}b`),
  pairs: whole("\u{1f600}".repeat(UNITS / 2)),
  part: whole(`${TEXT.slice(UNITS / 2)}b`),
  spaces: whole(" ".repeat(UNITS)),
  bytes: new Uint8Array(UNITS),
  numbers: NUMBERS,
  lists: LISTS,
  sames: SAMES,
  texts: KEYS,
  map: Object.fromEntries(KEYS.slice(0, MEMBERS).map((each, i) => [each, i])),
  half: Object.fromEntries(KEYS.slice(0, MEMBERS / 2).map((each, i) => [each, i])),
};

/** A target with operands. */
class Operands extends RpcTarget {
  /** Called once a plan has its operands. */
  onReady: (() => void) | undefined;

  get(name: string): unknown {
    return OPERANDS[name];
  }

  take(): void {}

  many(): RpcTarget {
    return new Operands();
  }

  ready(): void {
    this.onReady?.();
  }
}

const value = (literal: unknown) => ({ byValue: { value: literal } });
const api = { capture: { index: 0 } };
const get = (name: string) => ({ operand: name });

/** The dearest uses of operators, by their names. */
const USES: Readonly<Record<string, readonly unknown[]>> = {
  eq: [get("text"), get("other")],
  "eq, of lists": [get("lists"), get("lists")],
  "eq, of maps": [get("half"), get("half")],
  "eq, of bytes": [get("bytes"), get("bytes")],
  lt: [get("text"), get("other")],
  "in, a list": [value(-1), get("numbers")],
  "in, a list of lists": [value([-1]), get("lists")],
  "add, of texts": [get("text"), get("other")],
  "add, of lists": [get("numbers"), get("numbers")],
  "add, of bytes": [get("bytes"), get("bytes")],
  string: [get("bytes")],
  bytes: [get("text")],
  "bytes, of pairs": [get("pairs")],
  timestamp: [get("text")],
  int: [get("text")],
  double: [get("text")],
  contains: [get("text"), value("aaaaaaaaaaaaab")],
  "contains, a long text": [get("text"), get("part")],
  startsWith: [get("text"), get("text")],
  endsWith: [get("text"), get("text")],
  lowerAscii: [get("text")],
  upperAscii: [get("text")],
  trim: [get("spaces")],
  charAt: [get("pairs"), value(UNITS / 2 - 1)],
  indexOf: [get("pairs"), value("b")],
  "indexOf, from the end": [get("pairs"), value("\u{1f600}"), value(UNITS / 2 - 1)],
  lastIndexOf: [get("pairs"), value("b")],
  "lastIndexOf, of a long text": [get("text"), get("part")],
  substring: [get("pairs"), value(1), value(UNITS / 2)],
  replace: [get("text"), value("a"), value("bc")],
  "replace, of nothing": [get("text"), value(""), value("b")],
  join: [get("texts"), value(",")],
  split: [get("text"), value("a")],
  "split, by nothing": [get("pairs"), value("")],
  size: [get("pairs")],
  "size, of a map": [get("map")],
  keys: [get("map")],
  slice: [get("numbers"), value(1), value(ELEMENTS)],
  flatten: [get("lists")],
  reverse: [get("numbers")],
  range: [value(ELEMENTS)],
  distinct: [get("texts")],
  "distinct, of lists": [get("sames")],
};

/** A plan that repeats a step on operands, which it fetches before. */
function repeated(step: (args: unknown[]) => object, args: readonly unknown[]): PlanJson {
  const ops: object[] = [];
  const sources = args.map((arg, i) => {
    const name = (arg as { operand?: string }).operand;
    if (name === undefined) return arg;
    ops.push({ call: { target: api, member: "get", args: [value(name)], result: 10 + i } });
    return { result: { index: 10 + i } };
  });
  // The plan says that it is ready after a look at each operand.
  sources.forEach((arg, i) => {
    ops.push({ op: { name: "type", args: [arg], result: 20 + i } });
  });
  ops.push({ call: { target: api, member: "ready", args: [], result: 8 } });
  ops.push({ op: { name: "type", args: [{ result: { index: 8 } }], result: 9 } });
  const endless = { test: [], while: value(true), max: 1e9, body: [step(sources)] };
  ops.push({ loop: { ...endless, value: value(null), result: 1 } });
  return { ops, result: value(null) } as unknown as PlanJson;
}

const PLANS: Readonly<Record<string, PlanJson>> = {
  ...Object.fromEntries(
    Object.entries(USES).map(([use, args]) => {
      const name = use.split(",")[0]!;
      return [use, repeated((sources) => ({ op: { name, args: sources, result: 0 } }), args)];
    }),
  ),
  "calls that return capabilities": repeated(() => callOf("many", []), []),
};

function callOf(member: string, args: readonly unknown[]): object {
  return { call: { target: api, member, args, result: 0 } };
}

/** The limits count steps and bytes. Without them, only the deadline stops the plans. */
const limits = {
  maxSteps: Infinity,
  maxIterations: Infinity,
  maxBytes: Infinity,
  maxSessionBytes: Infinity,
  maxProcessBytes: Infinity,
  maxTime: 60_000,
};

function connect(runner: PlanRunner, main: Operands): RpcStub<Operands> {
  const link = createMemoryLink();
  new RpcSession(link.server, offerPlans(main, runner));
  return new RpcSession<Operands>(link.client).getRemoteMain();
}

/**
 * Looks at the clocks in each turn of the event loop, until it is stopped. Returns the longest turn
 * in milliseconds of processor time, so that other programs don't count.
 */
function watchTurns(): () => number {
  let isOver = false;
  let longest = 0;
  let last = processorTime();
  const look = () => {
    const now = processorTime();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isOver) setImmediate(look);
  };
  setImmediate(look);
  return () => {
    isOver = true;
    return longest;
  };
}

/** Milliseconds of processor time that a million pure steps take. */
async function timeOfAdditions(runner: PlanRunner): Promise<number> {
  const ops = Array.from({ length: 100 }, (_, i) => ({
    op: { name: "add", args: [value(i), value(1)], result: i },
  }));
  const over = value(NUMBERS.slice(0, 10_000));
  const loop = { over, as: "x", body: ops, value: value(null), result: 100 };
  const start = processorTime();
  await runner.run({ ops: [{ loop }], result: value(null) } as unknown as PlanJson);
  return processorTime() - start;
}

/**
 * The longest waits: from the time at which a plan is cancelled to its end, and for a turn of the
 * event loop, in which no other session is served.
 */
export async function measureStops(): Promise<void> {
  const runner = new PlanRunner({ limits });
  const main = new Operands();
  const own = connect(runner, main);
  await own.take();
  const rows: Record<string, number[]> = {
    "10⁶ additions, for comparison": [await timeOfAdditions(runner)],
  };
  for (const [name, plan] of Object.entries(PLANS)) {
    let latest = 0;
    let longest = 0;
    for (const delay of DELAYS) {
      const controller = new AbortController();
      let due = 0;
      let stop!: () => number;
      main.onReady = () => {
        due = performance.now() + delay;
        stop = watchTurns();
        setTimeout(() => controller.abort(new Error("enough")), delay);
      };
      using limited = callOptions(own, { signal: controller.signal });
      const error = await (limited as any).$plans.run(plan, null, [own]).catch((e: unknown) => e);
      if (error?.message !== "enough") console.log(name, error);
      latest = Math.max(latest, performance.now() - due);
      await new Promise((resolve) => setImmediate(resolve));
      longest = Math.max(longest, stop());
    }
    rows[name] = [latest, longest];
  }
  printTable(
    "The dearest uses of operators, without limits: the longest ms",
    ["to a stop", "of a turn"],
    rows,
  );
}
