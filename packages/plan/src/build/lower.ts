import type { ConcurrentStep, PlanTree, Read, Step } from "../read/tree.ts";
import { type AnyStub, follow, isStub, memberOf } from "../run/paths.ts";
import { isReserved } from "../shape/names.ts";

/**
 * Lowering: a plan of straight lines is repeated inside a `map()` of the plan's `api`. The stub
 * records it as `remap`, which every peer knows.
 */

/** True if the plan needs no runner. */
export function isLowerable(tree: PlanTree): boolean {
  return tree.steps.every(isLowerableStep);
}

function isLowerableStep(step: Step): boolean {
  switch (step.kind) {
    case "call":
    case "object":
    case "array":
      return true;
    case "get":
      // No property of these names can be asked for through a stub.
      return !step.path.some(isReserved);
    case "map":
      return !step.index && step.steps.every(isLowerableStep);
    default:
      return false;
  }
}

/** The values of one activation: literals, or placeholders of the `map()` that is recorded. */
interface Frame {
  readonly slots: unknown[];
  readonly outer: Frame | undefined;
}

/** Repeats a plan in a callback of `map()`. */
export class Lowering {
  readonly #params: unknown;
  readonly #captures: readonly unknown[];

  /** @param captures the placeholder of `api`, and the other captures */
  constructor(params: unknown, captures: readonly unknown[]) {
    this.#params = params;
    this.#captures = captures;
  }

  /** @returns the value that the callback of `map()` returns */
  record(tree: PlanTree): unknown {
    const frame: Frame = { slots: [], outer: undefined };
    this.#runAll(tree.steps, frame);
    return this.#read(tree.result, frame);
  }

  #runAll(steps: readonly Step[], frame: Frame): void {
    for (const step of steps) {
      if ("slot" in step) frame.slots[step.slot] = this.#run(step, frame);
    }
  }

  #run(step: Step, frame: Frame): unknown {
    const read = (source: Read) => this.#read(source, frame);
    switch (step.kind) {
      case "call":
        return this.#call(read(step.target), step.member, step.args.map(read));
      case "get":
        return this.#propertyOf(read(step.target), step.path);
      case "object":
        return Object.fromEntries(step.fields.map(([key, source]) => [key, read(source)]));
      case "array":
        return step.items.map(read);
      case "map":
        return this.#map(read(step.over), step, frame);
      default:
        throw new TypeError(`A plan with ${step.kind} can't be lowered.`);
    }
  }

  #map(over: unknown, step: ConcurrentStep, outer: Frame): unknown {
    const each = (element: unknown) => {
      const frame: Frame = { slots: [], outer };
      frame.slots[step.item.slot] = element;
      this.#runAll(step.steps, frame);
      return this.#read(step.value, frame);
    };
    // Literals and params are known here, so nothing has to be repeated there.
    if (typeof over === "function") return (over as any).map(each);
    if (Array.isArray(over)) return over.map(each);
    return over == null ? over : each(over);
  }

  #read(source: Read, frame: Frame): unknown {
    switch (source.kind) {
      case "value":
        return source.value;
      case "capture":
        return this.#captures[source.index];
      case "param":
        if (this.#params === undefined && source.path.length > 0) {
          const name = source.path.join(".");
          throw new TypeError(`The plan reads params.${name}, and was run without params.`);
        }
        return this.#propertyOf(this.#params, source.path);
      case "slot": {
        let holder = frame;
        for (let i = 0; i < source.up; i++) holder = holder.outer!;
        return holder.slots[source.index];
      }
    }
  }

  #call(target: unknown, member: string | undefined, args: readonly unknown[]): unknown {
    const path = member === undefined ? [] : [member];
    const callee: any = this.#propertyOf(target, path);
    return typeof callee === "function" ? callee(...args) : this.#missing(member ?? "")(...args);
  }

  /** A property, at the end of a path through literals and then placeholders. */
  #propertyOf(start: unknown, path: readonly (string | number)[]): unknown {
    for (let i = 0; i < path.length; i++) {
      const { value } = follow(start, path.slice(0, i));
      if (isStub(value)) return memberOf(value, path.slice(i));
      if (value === undefined) return this.#missing(path[i]!);
    }
    return follow(start, path).value;
  }

  /**
   * A property of `undefined`: a placeholder that fails where it is used, as the step does in a
   * runner.
   */
  #missing(key: string | number): any {
    return memberOf(this.#captures[0] as AnyStub, [NOWHERE, key]);
  }
}

/** A property that no object has. */
const NOWHERE = "$undefined";
