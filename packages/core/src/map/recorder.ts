import type { Expression } from "@capnweb/wire";
import { MapError } from "../errors.ts";
import type { PropertyPath, StubHook } from "../hook.ts";
import type { Payload } from "../payload/payload.ts";
import type { Runtime } from "../runtime.ts";
import { type CallRecorder, recordWith } from "./ambient.ts";
import { RecordingEncoder } from "./recording-encoder.ts";
import { placeholderError, VariableHook, type VariableOwner } from "./variable-hook.ts";

/** A `map()` callback. */
export type MapCallback = (placeholder: unknown) => unknown;

/**
 * Runs a `map()` callback once, with a placeholder, and has what it recorded applied to what `path`
 * leads to.
 *
 * @throws MapError, or what the callback threw; nothing was sent then
 */
export function recordMap(
  hook: StubHook,
  path: PropertyPath,
  callback: MapCallback,
  runtime: Runtime,
): StubHook {
  const recorder = new MapRecorder(runtime);
  try {
    recorder.run(callback, runtime);
  } catch (error) {
    for (const capture of recorder.captures) capture.dispose();
    throw error;
  }
  return hook.map(path, recorder.captures, recorder.instructions);
}

/** Turns the calls that one `map()` callback makes into instructions. */
abstract class Recorder implements CallRecorder, VariableOwner {
  readonly instructions: Expression[] = [];
  readonly #encoder: RecordingEncoder;
  readonly #ids = new Map<StubHook, number>();
  #captured = 0;

  constructor(runtime: Runtime) {
    this.#encoder = new RecordingEncoder(runtime, (hook) => this.idOf(hook));
  }

  run(callback: MapCallback, runtime: Runtime): void {
    const placeholder = runtime.makePromise(new VariableHook(this, 0));
    const result = recordWith(this, () => callback(placeholder));
    if (result instanceof Promise) {
      throw new MapError(
        "Cannot serialize value: [object Promise]. A map() callback must be synchronous: it is " +
          "recorded, not run where the values are. Put promises of RPC calls into its result instead.",
      );
    }
    this.instructions.push(this.#encoder.encode(result));
  }

  recordCall(hook: StubHook, path: PropertyPath, args: Payload): StubHook {
    const expressions = this.#encoder.encodeList(args.value as unknown[]);
    return this.#record(["pipeline", this.#calleeId(hook), path, expressions]);
  }

  recordGet(variable: VariableHook, path: PropertyPath): StubHook {
    return this.#record(["pipeline", variable.id, path]);
  }

  recordMap(hook: StubHook, path: PropertyPath, callback: MapCallback, runtime: Runtime): StubHook {
    const subject = this.idOf(hook);
    const nested = new NestedRecorder(runtime, this);
    nested.run(callback, runtime);
    const captures = nested.captures.map((id) => ["import", id]);
    return this.#record(["remap", subject, path, captures, nested.instructions]);
  }

  /** What instructions call `hook`; captures it if it comes from outside the callback. */
  idOf(hook: StubHook): number {
    if (hook instanceof VariableHook && hook.owner === this) return hook.id;
    let id = this.#ids.get(hook);
    if (id === undefined) {
      id = this.#capture(hook);
      this.#ids.set(hook, id);
    }
    return id;
  }

  /** As `idOf`, for what is called: each call is on a capture of its own, as the reference has it. */
  #calleeId(hook: StubHook): number {
    return hook instanceof VariableHook && hook.owner === this ? hook.id : this.#capture(hook);
  }

  #capture(hook: StubHook): number {
    this.capture(hook);
    return -++this.#captured;
  }

  protected abstract capture(hook: StubHook): void;

  #record(instruction: Expression): StubHook {
    this.instructions.push(instruction);
    return new VariableHook(this, this.instructions.length);
  }
}

/** Records a callback that runs on its own: captures are references to be sent along. */
class MapRecorder extends Recorder {
  readonly captures: StubHook[] = [];

  protected override capture(hook: StubHook): void {
    if (hook instanceof VariableHook) throw placeholderError();
    this.captures.push(hook.dup());
  }
}

/** Records a callback inside another one: captures are variables or captures of that one. */
class NestedRecorder extends Recorder {
  readonly captures: number[] = [];
  readonly #outer: Recorder;

  constructor(runtime: Runtime, outer: Recorder) {
    super(runtime);
    this.#outer = outer;
  }

  protected override capture(hook: StubHook): void {
    // A reference of its own: the outer callback's own use of the same stub is another capture.
    this.captures.push(this.#outer.idOf(hook instanceof VariableHook ? hook : hook.dup()));
  }
}
