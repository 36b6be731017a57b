import { DEFAULT_LIMITS, type Expression, ProtocolError } from "@capnweb/wire";
import { Budget } from "../budget.ts";
import {
  ELEMENT_STEPS,
  INSTRUCTION_STEPS,
  INSTRUCTION_VALUE_STEPS,
} from "../call-context/counts.ts";
import { LocalHook } from "../local/local-hook.ts";
import { PayloadHook } from "../local/payload-hook.ts";
import { ErrorHook, StubHook } from "../model/hook.ts";
import { Payload } from "../model/payload.ts";
import type { Runtime } from "../model/runtime.ts";
import { PayloadDecoder } from "../value-types/payload-decoder.ts";

/**
 * Applies a recorded `map()` callback: to each element of a list, else to the value behind the
 * hook, unless that is `null` or `undefined`. Takes over `input`, if it is a hook, and `captures`.
 */
export function mapValue(
  runtime: Runtime,
  input: readonly unknown[] | StubHook,
  captures: StubHook[],
  instructions: readonly Expression[],
  budget = new Budget(undefined, 0),
): StubHook {
  const result = Payload.owned(runtime, undefined, [], [], budget);
  try {
    if (instructions.length === 0) throw new Error("Invalid empty mapper function.");
    const decoder = new InstructionDecoder(runtime, captures, budget);
    if (!(input instanceof StubHook)) {
      const list = new Array<unknown>(input.length);
      result.value = list;
      for (let i = 0; i < input.length; i++) {
        budget.spend(ELEMENT_STEPS);
        const element = Payload.copied(runtime, input[i], budget);
        list[i] = decoder.applyTo(new PayloadHook(element), instructions, result, list, i);
      }
    } else {
      const here = input instanceof PayloadHook ? input.peek() : undefined;
      result.value =
        here && here.value == null
          ? here.value
          : decoder.applyTo(input, instructions, result, result, "value");
    }
    // A callback may return something that is already here. Returning that itself keeps maps of
    // maps from piling up.
    const given = result.promise?.settled();
    if (!(given instanceof LocalHook)) return new PayloadHook(result);
    const hook = given.dup();
    result.dispose();
    return hook;
  } catch (error) {
    result.dispose();
    return new ErrorHook(error);
  } finally {
    if (input instanceof StubHook) input.dispose();
    for (const capture of captures) capture.dispose();
  }
}

/** Decodes instructions, in which ids name variables and captures. */
class InstructionDecoder extends PayloadDecoder {
  readonly #captures: readonly StubHook[];
  readonly #budget: Budget;
  #variables: StubHook[] = [];

  constructor(runtime: Runtime, captures: readonly StubHook[], budget: Budget) {
    // An instruction is evaluated once per element, so it must stay unchanged: only the level
    // "string" decodes in place. A part that stands in it twice is counted twice.
    super(runtime, "jsonCompatible", budget.owner?.limits ?? DEFAULT_LIMITS, false);
    this.budget = this.#budget = budget;
    // Starts at the depth of the map in its message. Otherwise maps in maps would have no depth.
    this.depth = budget.depth;
    this.#captures = captures;
  }

  /**
   * The callback's result for one input, which will stand at `parent[key]` in `result`. Takes over
   * `input`.
   */
  applyTo(
    input: StubHook,
    instructions: readonly Expression[],
    result: Payload,
    parent: object,
    key: PropertyKey,
  ): unknown {
    const variables = [input];
    this.#variables = variables;
    try {
      this.#budget.spend(INSTRUCTION_STEPS * instructions.length);
      const last = instructions.length - 1;
      for (let i = 0; i < last; i++) variables.push(this.evaluate(instructions[i]));
      return this.decodeInto(result, instructions[last], parent, key);
    } finally {
      // Calls whose results the callback didn't return were made for their effect.
      for (const variable of variables) variable.letGo();
    }
  }

  override lookup(id: number): StubHook {
    const hook = id < 0 ? this.#captures[-id - 1] : this.#variables[id];
    if (hook === undefined) throw new ProtocolError(`no such variable: ${id}`);
    return hook;
  }

  /** Counts the instructions' values once per element, because each element gets its own. */
  override count(values: number): void {
    this.#budget.spend(INSTRUCTION_VALUE_STEPS * values);
  }

  /** Counts the instructions' texts and bytes once per element, too. */
  measure(length: number): void {
    this.#budget.make(length);
  }

  override introduce(): never {
    throw new ProtocolError("A mapper function can't introduce anything.");
  }

  override readable(): never {
    this.introduce();
  }
}
