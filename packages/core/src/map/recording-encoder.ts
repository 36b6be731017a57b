import { Encoder, type Expression } from "@capnweb/wire";
import { MapError } from "../errors.ts";
import type { PropertyPath, StubHook } from "../hook.ts";
import type { Runtime } from "../runtime.ts";
import type { CapabilityEncodeContext } from "../value-types/core-value-type.ts";

/** Encodes what a `map()` callback passes on: capabilities become references to variables. */
export class RecordingEncoder extends Encoder implements CapabilityEncodeContext {
  readonly runtime: Runtime;
  readonly #idOf: (hook: StubHook) => number;

  constructor(runtime: Runtime, idOf: (hook: StubHook) => number) {
    // The session that will carry the recording isn't known yet. What this level gives is understood
    // at each.
    super(runtime.table, "jsonCompatible");
    this.runtime = runtime;
    this.#idOf = idOf;
  }

  requireOwned(): void {}

  bareTarget(): never {
    throw new MapError(
      "Can't construct an RpcTarget or RPC callback inside a mapper function. Try creating a new " +
        "RpcStub outside the callback first, then using it inside the callback.",
    );
  }

  stub(hook: StubHook): Expression {
    return ["import", this.#idOf(hook)];
  }

  promise(hook: StubHook, path: PropertyPath): Expression {
    const id = this.#idOf(hook);
    return path.length === 0 ? ["pipeline", id] : ["pipeline", id, path];
  }

  writable(): never {
    throw new MapError("Cannot send WritableStream inside a mapper function.");
  }

  readable(): never {
    throw new MapError("Cannot send ReadableStream inside a mapper function.");
  }
}
