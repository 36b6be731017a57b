import { type EncodeContext, Encoder, type Expression } from "@capnweb/wire";
import { blaming, withPlace } from "@capnweb/wire/internal";
import { support } from "../call-context/support.ts";
import { MapError } from "../errors.ts";
import type { CapabilityEncodeContext } from "../model/core-value-type.ts";
import { ErrorHook, type PropertyPath, type StubHook } from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";
import type { Runtime } from "../model/runtime.ts";
import { type CallRecorder, recordWith } from "./ambient.ts";

/** A `map()` callback. */
export type MapCallback = (placeholder: unknown) => unknown;

/**
 * Runs a `map()` callback once, with a placeholder, and applies the recording to the target of
 * `path`.
 *
 * @throws MapError, or the callback's own error; nothing was sent then
 */
export function recordMap(
  hook: StubHook,
  path: PropertyPath,
  callback: MapCallback,
  runtime: Runtime,
): StubHook {
  const captures: StubHook[] = [];
  let instructions: Expression[];
  try {
    const capture = (captured: StubHook) => {
      if (captured instanceof VariableHook) throw captured.error;
      captures.push(captured.dup());
    };
    instructions = new Recorder(runtime, capture, hook).run(callback);
  } catch (error) {
    for (const capture of captures) capture.dispose();
    throw error;
  }
  return hook.map(path, captures, instructions, support?.account());
}

/**
 * Records one `map()` callback as instructions, and encodes the values that it passes on.
 * Capabilities become references to variables or, if they come from outside the callback, to
 * captures.
 */
class Recorder extends Encoder implements CallRecorder, CapabilityEncodeContext {
  readonly #runtime: Runtime;
  readonly #capture: (hook: StubHook) => void;
  readonly #instructions: Expression[] = [];
  readonly #ids = new Map<StubHook, number>();
  #captured = 0;

  /**
   * @param capture sends a reference to `hook` along, or makes the callback around this one do so
   * @param options those of the session that will carry the recording, if it is known
   */
  constructor(
    runtime: Runtime,
    capture: (hook: StubHook) => void,
    { errorProperties }: Pick<EncodeContext, "errorProperties">,
  ) {
    // The session's level isn't known, but every level understands expressions of this one.
    super(runtime.table, "jsonCompatible", { errorProperties });
    this.#runtime = runtime;
    this.#capture = capture;
  }

  run(callback: MapCallback): Expression[] {
    const placeholder = this.#runtime.makePromise(new VariableHook(this, 0));
    const result = recordWith(this, () => callback(placeholder));
    if (result instanceof Promise) {
      // Everything that it awaits fails, and its own failure mustn't be reported as well.
      result.catch(() => {});
      throw new MapError(
        "Cannot serialize value: [object Promise]. A map() callback must be synchronous.",
      );
    }
    this.#instructions.push(placed(result, "result", () => this.encode(result)));
    return this.#instructions;
  }

  call(hook: StubHook, path: PropertyPath, args: Payload): StubHook {
    const list = args.value as unknown[];
    const expressions = placed(list, "arguments", () => this.encodeList(list));
    // As in the reference, each call has a capture of its own.
    return this.record(["pipeline", this.#idOf(hook, true), path, expressions]);
  }

  map(hook: StubHook, path: PropertyPath, callback: MapCallback): StubHook {
    const subject = this.#idOf(hook);
    const captures: Expression[] = [];
    const capture = (captured: StubHook) => {
      // A stub gets another capture than the one that this callback uses itself.
      captures.push(["import", this.#idOf(captured, !(captured instanceof VariableHook))]);
    };
    const instructions = new Recorder(this.#runtime, capture, this).run(callback);
    return this.record(["remap", subject, path, captures, instructions]);
  }

  /**
   * Adds an instruction.
   *
   * @returns the variable of its result
   */
  record(instruction: Expression): StubHook {
    return new VariableHook(this, this.#instructions.push(instruction));
  }

  /** The id of `hook` in instructions. A hook from outside is captured. */
  #idOf(hook: StubHook, anew = false): number {
    if (hook instanceof VariableHook && hook.recorder === this) return hook.id;
    let id = anew ? undefined : this.#ids.get(hook);
    if (id === undefined) {
      this.#capture(hook);
      id = -++this.#captured;
      if (!anew) this.#ids.set(hook, id);
    }
    return id;
  }

  target(target: object): never {
    refuse(
      target,
      "Can't construct an RpcTarget or RPC callback inside a mapper function. Try creating a new " +
        "RpcStub outside the callback first, then using it inside the callback.",
    );
  }

  nativePromise(promise: Promise<unknown>): never {
    // The callback has failed already.
    promise.then(undefined, () => {});
    refuse(promise, "Cannot serialize value: [object Promise]. Await it before map().");
  }

  stub(hook: StubHook): Expression {
    return ["import", this.#idOf(hook)];
  }

  promise(hook: StubHook, path: PropertyPath): Expression {
    const id = this.#idOf(hook);
    return path.length === 0 ? ["pipeline", id] : ["pipeline", id, path];
  }

  writable(stream: WritableStream): never {
    refuse(stream, "Cannot send WritableStream inside a mapper function.");
  }

  readable(stream: ReadableStream): never {
    refuse(stream, "Cannot send ReadableStream inside a mapper function.");
  }
}

/** Refuses a value, with an error that names the value's place. */
function refuse(value: unknown, message: string): never {
  throw blaming(value, new MapError(message));
}

/**
 * The result of `encode`. Its error names the place in `root` of a value that can't be recorded.
 */
function placed<T>(root: unknown, name: string, encode: () => T): T {
  try {
    return encode();
  } catch (error) {
    throw withPlace(error, root, name);
  }
}

/**
 * A placeholder in a recorded `map()` callback: the input, or the result of a recorded call. It has
 * no value behind it, so every operation that isn't recorded fails.
 */
class VariableHook extends ErrorHook {
  readonly recorder: Recorder;
  /** The id in instructions: 0 is the input, k > 0 the result of instruction k. */
  readonly id: number;

  constructor(recorder: Recorder, id: number) {
    super(
      new MapError(
        "Attempted to use an abstract placeholder from a mapper function. Please make sure " +
          "your map function has no side effects.",
      ),
    );
    this.recorder = recorder;
    this.id = id;
  }

  override forbidCoercion(): never {
    throw new MapError(
      "A placeholder of map() has no value yet. Return it and compute with the result.",
    );
  }

  override describe(): string {
    return `placeholder ${this.id} of map()`;
  }

  /** Records the reading of a property. */
  override get(path: PropertyPath): StubHook {
    return path.length === 0 ? this : this.recorder.record(["pipeline", this.id, path]);
  }
}
