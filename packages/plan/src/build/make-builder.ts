import { PlanBuildError } from "../errors.ts";
import { OPERATORS } from "../operators/names.ts";
import { isIndex } from "../shape/names.ts";
import type { Op, Source } from "../shape/plan-json.ts";
import type { PlanBuilder } from "./builder.ts";
import { handleOf, type Recorder, recordEach, recordMap, requireCallback } from "./recorder.ts";

type Callback = (...args: unknown[]) => unknown;

const NOTHING: Callback = () => undefined;

/** Makes the builder of one plan. */
export function makeBuilder(recorder: Recorder): PlanBuilder {
  const operators: Record<string, Callback> = {};
  for (const name of OPERATORS.keys()) {
    operators[name] = (...args) => recordOperator(recorder, name, args);
  }
  return { ...operators, ...controlFlow(recorder) } as unknown as PlanBuilder;
}

function recordOperator(recorder: Recorder, name: string, args: readonly unknown[]): unknown {
  const { least, most } = OPERATORS.get(name)!;
  // Trailing arguments that are left out.
  const given = args.slice(0, args.findLastIndex((each) => each !== undefined) + 1);
  while (given.length < Math.min(least, args.length)) given.push(undefined);
  if (given.length < least || given.length > most) {
    const count = least === most ? `${least}` : `${least} to ${most}`;
    throw new PlanBuildError(`$.${name}() takes ${count} arguments, not ${given.length}.`);
  }
  const sources = given.map((each) => recorder.source(each));
  return recorder.step(`$.${name}()`, (result) => ({ op: { name, args: sources, result } }));
}

function controlFlow(recorder: Recorder): Record<string, Callback> {
  const test =
    (kind: "filter" | "find" | "exists" | "all"): Callback =>
    (list, callback) => {
      const over = recorder.source(list);
      const { value, ...each } = recordEach(recorder, `$.${kind}()`, callback);
      return recorder.step(
        `$.${kind}()`,
        (result) => ({ [kind]: { over, ...each, cond: value, result } }) as unknown as Op,
      );
    };
  const jump =
    (kind: "break" | "continue"): Callback =>
    (condition = true) =>
      recorder.add({ [kind]: { if: recorder.source(condition) } } as unknown as Op);

  return {
    if: (condition, then, otherwise = NOTHING) =>
      recordIf(recorder, condition, then as Callback, otherwise as Callback),
    map: (list, callback) => recordMap(recorder, recorder.source(list), callback),
    filter: test("filter"),
    find: test("find"),
    exists: test("exists"),
    all: test("all"),
    reduce: (list, initial, callback) => recordReduce(recorder, list, initial, callback),

    loop(list, callback) {
      const over = recorder.source(list);
      const each = recordEach(recorder, "$.loop()", callback);
      return recorder.step("$.loop()", (result) => ({ loop: { over, ...each, result } }));
    },

    while: (condition, body, options) =>
      recordWhile(recorder, condition as Callback, body as Callback, options),
    break: jump("break"),
    continue: jump("continue"),

    let(initial) {
      const value = recorder.source(initial);
      const name = recorder.name("let");
      recorder.add({ let: { name, value } });
      return recorder.placeholder({ var: { name } }, name);
    },

    set(variable, value) {
      const name = handleOf(variable)?.variable;
      if (!name?.startsWith("let"))
        throw new PlanBuildError("$.set() takes a variable of $.let().");
      recorder.add({ set: { name, value: recorder.source(value) } });
    },

    try: (body, onFailure) => recordTry(recorder, body as Callback, onFailure as Callback),

    use(stub) {
      if (typeof stub !== "function") throw new PlanBuildError("$.use() takes a stub.");
      return recorder.placeholder(recorder.source(stub), "a stub", recorder.root);
    },

    value: (value) => recorder.placeholder(recorder.source(value), "$.value()"),
    text: (strings, ...values) => recordText(recorder, strings as readonly string[], values),
  };
}

function recordIf(
  recorder: Recorder,
  condition: unknown,
  then: Callback,
  otherwise: Callback,
): unknown {
  const cond = recorder.source(condition);
  const whenTrue = recorder.record("$.if()", then);
  const whenFalse = recorder.record("$.if()", otherwise);
  return recorder.step("$.if()", (result) => ({
    if: {
      cond,
      // biome-ignore lint/suspicious/noThenProperty: a list, which can't be called
      then: whenTrue.ops,
      else: whenFalse.ops,
      value: [whenTrue.value, whenFalse.value],
      result,
    },
  }));
}

function recordReduce(
  recorder: Recorder,
  list: unknown,
  initial: unknown,
  callback: unknown,
): unknown {
  requireCallback("$.reduce()", callback);
  const over = recorder.source(list);
  const init = recorder.source(initial);
  const acc = recorder.name("sum");
  // The variable belongs to the block of the callback, which has no name yet.
  const withSum = (...args: unknown[]) =>
    callback(recorder.placeholder({ var: { name: acc } }, acc), ...args);
  const takesIndex = callback.length > 2;
  const each = recordEach(
    recorder,
    "$.reduce()",
    takesIndex
      ? (item: unknown, at: unknown) => withSum(item, at)
      : (item: unknown) => withSum(item),
  );
  return recorder.step("$.reduce()", (result) => ({
    reduce: { over, acc, init, ...each, result },
  }));
}

function recordWhile(
  recorder: Recorder,
  condition: Callback,
  body: Callback,
  options: unknown,
): unknown {
  const max = (options as { max?: unknown } | undefined)?.max;
  if (!isIndex(max)) throw new PlanBuildError("$.while() needs { max }, the most iterations.");
  const test = recorder.record("$.while()", condition);
  const steps = recorder.record("$.while()", body);
  return recorder.step("$.while()", (result) => ({
    loop: { test: test.ops, while: test.value, max, body: steps.ops, value: steps.value, result },
  }));
}

function recordTry(recorder: Recorder, body: Callback, onFailure: Callback): unknown {
  requireCallback("$.try()", onFailure);
  const tried = recorder.record("$.try()", body);
  const as = recorder.name("failure");
  const caught = recorder.record("$.try()", () =>
    onFailure(recorder.placeholder({ var: { name: as } }, as)),
  );
  return recorder.step("$.try()", (result) => ({
    try: {
      body: tried.ops,
      value: tried.value,
      as,
      catch: caught.ops,
      otherwise: caught.value,
      result,
    },
  }));
}

function recordText(
  recorder: Recorder,
  strings: readonly string[],
  values: readonly unknown[],
): unknown {
  let text: Source = { byValue: { value: strings[0] } };
  const add = (part: Source) => {
    const args = [text, part];
    text = recorder.stepSource((result) => ({ op: { name: "add", args, result } }));
  };
  values.forEach((value, i) => {
    const args = [recorder.source(value)];
    add(recorder.stepSource((result) => ({ op: { name: "string", args, result } })));
    if (strings[i + 1]) add({ byValue: { value: strings[i + 1] } });
  });
  return recorder.placeholder(text, "$.text");
}
