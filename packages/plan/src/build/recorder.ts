import { RpcStub } from "@capnweb/core";
import { kindOf } from "@capnweb/wire/internal";
import { PlanBuildError } from "../errors.ts";
import type { Op, Source } from "../shape/plan-json.ts";
import { isMap, isReference } from "../values/kinds.ts";
import { makePlaceholder, type Recording, recordingOf } from "./placeholder.ts";

/** The steps of a block that is being recorded, and the blocks around it. */
export interface Block {
  readonly ops: Op[];
  readonly outer: Block | undefined;
}

/** Records a plan. */
export class Recorder {
  /** Stubs from outside. The plan's `api` comes before them, as capture 0. */
  readonly captures: unknown[] = [];
  readonly root: Block = { ops: [], outer: undefined };
  #block = this.root;
  #results = 0;
  #names = 0;
  isOver = false;

  get block(): Block {
    return this.#block;
  }

  /** A placeholder of a source, which can be used in a block and in those inside of it. */
  placeholder(source: Source, label: string, block = this.#block): unknown {
    return makePlaceholder(new Handle(this, block, source, label));
  }

  /** A name for a variable that no other variable of the plan has. */
  name(kind: string): string {
    return `${kind}${++this.#names}`;
  }

  /**
   * Adds a step to the current block.
   *
   * @param make makes the operation, from the number of its result
   * @returns the placeholder of its result
   */
  step(label: string, make: (result: number) => Op): unknown {
    return this.placeholder(this.stepSource(make), label);
  }

  /** Does the same, and returns the source. */
  stepSource(make: (result: number) => Op): Source {
    const index = this.#results++;
    this.add(make(index));
    return { result: { index } };
  }

  add(op: Op): void {
    this.requireOpen();
    this.#block.ops.push(op);
  }

  requireOpen(): void {
    if (this.isOver) throw new PlanBuildError("This plan is complete: no steps can be added.");
  }

  /**
   * Records a callback as a block.
   *
   * @param where the method that got the callback
   * @returns the steps, and the source of the callback's result
   */
  record(where: string, callback: unknown): { ops: Op[]; value: Source } {
    requireCallback(where, callback);
    const outer = this.#block;
    const block: Block = { ops: [], outer };
    this.#block = block;
    try {
      return { ops: block.ops, value: this.source(refusePromise(callback())) };
    } finally {
      this.#block = outer;
    }
  }

  /** True if what was recorded in `block` can be used now. */
  isVisible(block: Block): boolean {
    for (let each: Block | undefined = this.#block; each; each = each.outer) {
      if (each === block) return true;
    }
    return false;
  }

  /** The source of a value: of a placeholder, of a literal, or of a container of both. */
  source(value: unknown): Source {
    const handle = handleOf(value);
    if (handle) return handle.sourceFor(this);
    if (value instanceof RpcStub) return { capture: { index: this.capture(value) } };
    if (Array.isArray(value) && isMixed(value)) {
      const items = value.map((each) => this.source(each));
      return this.stepSource((result) => ({ array: { items, result } }));
    }
    if (isMap(value) && isMixed(value)) {
      const entries = Object.entries(value).map(([key, each]) => [key, this.source(each)]);
      const fields = Object.fromEntries(entries);
      return this.stepSource((result) => ({ object: { fields, result } }));
    }
    return { byValue: { value: copyLiteral(value) } };
  }

  /** The index of a stub among the captures. */
  capture(stub: unknown): number {
    const known = this.captures.indexOf(stub);
    return (known >= 0 ? known : this.captures.push(stub) - 1) + 1;
  }
}

/** @throws PlanBuildError for a value that isn't a function */
export function requireCallback(
  where: string,
  value: unknown,
): asserts value is (...args: any[]) => unknown {
  if (typeof value === "function" && !handleOf(value)) return;
  throw new PlanBuildError(`${where} takes a function.`);
}

/** The result of a callback, which mustn't be asynchronous. */
export function refusePromise(value: unknown): unknown {
  if (!(value instanceof Promise)) return value;
  value.catch(() => {});
  throw new PlanBuildError("A plan's callbacks must be synchronous: they are recorded, not run.");
}

/** True if a container holds placeholders or stubs at some depth. */
function isMixed(value: unknown): boolean {
  if (typeof value === "function") return true;
  if (Array.isArray(value)) return value.some(isMixed);
  return isMap(value) && Object.values(value).some(isMixed);
}

/** Copies a literal, so that the plan stays what it is. */
function copyLiteral(value: unknown): unknown {
  if (isReference(value) || value instanceof Promise || typeof value === "symbol") {
    throw new PlanBuildError(
      `A plan can't hold ${kindOf(value)}. Make a stub of a function or target outside of the ` +
        "plan, with new RpcStub(), and await promises there. Lists have $.filter().",
    );
  }
  if (Array.isArray(value)) return value.map(copyLiteral);
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, copyLiteral(each)]));
}

/** The handle of a placeholder; `undefined` for any other value. */
export function handleOf(value: unknown): Handle | undefined {
  return recordingOf(value) as Handle | undefined;
}

/** The part of a placeholder that the builder sees. */
export class Handle implements Recording {
  readonly recorder: Recorder;
  readonly #block: Block;
  readonly #source: Source;
  readonly #label: string;
  readonly #path: readonly (string | number)[];
  /** The step that fetched the property, and the block that it is in. */
  #fetched: { readonly source: Source; readonly block: Block } | undefined;

  constructor(
    recorder: Recorder,
    block: Block,
    source: Source,
    label: string,
    path: readonly (string | number)[] = [],
  ) {
    this.recorder = recorder;
    this.#block = block;
    this.#source = source;
    this.#label = label;
    this.#path = path;
  }

  describe(): string {
    return [this.#label, ...this.#path].join(".");
  }

  /** The name of the variable that this stands for. */
  get variable(): string | undefined {
    const source = this.#source;
    const isVariable = typeof source === "object" && "var" in source && this.#path.length === 0;
    return isVariable ? source.var.name : undefined;
  }

  property(key: string): Handle {
    const part = INDEX.test(key) ? Number(key) : key;
    return new Handle(this.recorder, this.#block, this.#source, this.#label, [...this.#path, part]);
  }

  /** The source of the value, for a step of the current block. */
  sourceFor(recorder: Recorder): Source {
    this.#requireUsable(recorder);
    return this.#read(this.#path);
  }

  #read(path: readonly (string | number)[]): Source {
    const source = this.#source;
    if (path.length === 0) return source;
    if (typeof source === "object" && "param" in source) {
      return { param: { path: [...source.param.path, ...path] } };
    }
    // A variable may have another value by the next step.
    const isFixed = path === this.#path && !(typeof source === "object" && "var" in source);
    if (isFixed && this.#fetched && this.recorder.isVisible(this.#fetched.block)) {
      return this.#fetched.source;
    }
    const fetched = this.recorder.stepSource((result) => ({
      get: { target: source, path, result },
    }));
    if (isFixed) this.#fetched = { source: fetched, block: this.recorder.block };
    return fetched;
  }

  /** Records a call of the value. */
  call(args: readonly unknown[]): unknown {
    const recorder = this.recorder;
    this.#requireUsable(recorder);
    const member = this.#path.at(-1);
    const target = this.#read(this.#path.slice(0, -1));
    const sources = args.map((each) => recorder.source(each));
    return recorder.step(`${this.describe()}()`, (result) => ({
      call: {
        target,
        ...(member === undefined ? {} : { member: `${member}` }),
        args: sources,
        result,
      },
    }));
  }

  /** Records a `map` of the value. */
  map(callback: unknown): unknown {
    return recordMap(this.recorder, this.sourceFor(this.recorder), callback);
  }

  #requireUsable(recorder: Recorder): void {
    recorder.requireOpen();
    if (this.recorder !== recorder) {
      throw new PlanBuildError(`${this.describe()} is a placeholder of another plan.`);
    }
    if (!recorder.isVisible(this.#block)) {
      throw new PlanBuildError(
        `${this.describe()} is used outside of the block that has it. Return it from its callback.`,
      );
    }
  }
}

const INDEX = /^(0|[1-9]\d{0,14})$/;

/** A callback of a loop: the recorded steps, with the variables that it uses. */
export function recordEach(recorder: Recorder, where: string, callback: unknown) {
  requireCallback(where, callback);
  const as = recorder.name("item");
  const index = callback.length > 1 ? recorder.name("index") : undefined;
  const { ops, value } = recorder.record(where, () => {
    const item = recorder.placeholder({ var: { name: as } }, as);
    const at = index && recorder.placeholder({ var: { name: index } }, index);
    return callback(item, at);
  });
  return { as, ...(index ? { index } : {}), body: ops, value };
}

export function recordMap(recorder: Recorder, over: Source, callback: unknown): unknown {
  const { value, ...each } = recordEach(recorder, "map()", callback);
  return recorder.step("map()", (result) => ({ map: { over, ...each, value, result } }));
}
