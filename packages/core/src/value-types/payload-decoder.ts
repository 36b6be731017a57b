import { Decoder, type EncodingLevel, type Expression, type Limits } from "@capnweb/wire";
import type { Budget } from "../budget.ts";
import { PROMISE_BYTES, STUB_BYTES } from "../call-context/counts.ts";
import { CanceledError } from "../errors.ts";
import type { CapabilityDecodeContext } from "../model/core-value-type.ts";
import type { StubHook } from "../model/hook.ts";
import { type Disposer, Payload } from "../model/payload.ts";
import type { Runtime } from "../model/runtime.ts";
import { evaluateReference, isReference } from "./reference.ts";

/** Decodes an expression to a payload that owns every reference in it. */
export abstract class PayloadDecoder extends Decoder implements CapabilityDecodeContext {
  readonly runtime: Runtime;
  /** The budget of the message that is being decoded, if a message asked for it. */
  budget: Budget | undefined;
  /** The payload that is to own the decoded references. */
  #payload: Payload | undefined;

  constructor(runtime: Runtime, level: EncodingLevel, limits: Limits, refusesShared?: boolean) {
    super(runtime.table, level, limits, refusesShared);
    this.runtime = runtime;
  }

  /** @throws ProtocolError, LimitError; the parts decoded until then have been disposed of */
  decodePayload(expression: Expression): Payload {
    const payload = Payload.owned(this.runtime, undefined, undefined, undefined, this.budget);
    try {
      payload.value = this.decodeInto(payload, expression, payload, "value");
      return payload;
    } catch (error) {
      this.failed(error);
      payload.dispose();
      throw error;
    }
  }

  /** Gives the references up at once: no user of the value can reach them. */
  protected override decodeDropped(expression: Expression, key: string): unknown {
    const dropped = Payload.owned(this.runtime, undefined, undefined, undefined, this.budget);
    try {
      return this.decodeInto(dropped, expression, dropped, key);
    } finally {
      dropped.dispose();
    }
  }

  /** Called with the reason why a payload can't be decoded, before its parts are disposed of. */
  protected failed(_error: unknown): void {}

  /** Decodes a part of a payload's value, which will stand at `parent[key]`. */
  decodeInto(payload: Payload, expression: Expression, parent: object, key: PropertyKey): unknown {
    const outer = this.#payload;
    this.#payload = payload;
    try {
      return this.decode(expression, parent, key);
    } finally {
      this.#payload = outer;
    }
  }

  /**
   * The hook of the result of an expression.
   *
   * @throws as {@link decodePayload} does
   */
  evaluate(expression: Expression): StubHook {
    if (isReference(expression)) return evaluateReference(expression, this);
    return this.runtime.hookOfPayload(this.decodePayload(expression));
  }

  /** A call's arguments: a bare list of expressions. */
  decodeArguments(args: Expression): Payload {
    // An escaped list decodes to exactly that. The depth of the list counts together with the
    // call's.
    return this.decodePayload([args]);
  }

  nested(): Budget | undefined {
    return this.budget?.at(this.depth);
  }

  /** Holds bytes for the peer until the payload that is being decoded goes. Then calls `onGone`. */
  holder(onGone: (reason: () => Error) => void): (bytes: number) => void {
    const held = this.budget?.owner?.held;
    let total = 0;
    let isGone = false;
    this.adopt({
      dispose() {
        isGone = true;
        held?.remove(total);
        onGone(() => new CanceledError());
      },
    });
    return (bytes) => {
      if (isGone) return;
      total += bytes;
      held?.add(bytes);
    };
  }

  adopt(reference: Disposer): void {
    this.#payload!.adopt(reference);
  }

  stub(hook: StubHook): unknown {
    this.#payload!.adopt(hook);
    this.budget?.keep(STUB_BYTES);
    return this.runtime.makeStub(hook);
  }

  promise(hook: StubHook, parent: object, key: PropertyKey): unknown {
    return this.#await(hook, parent, key);
  }

  #await(hook: StubHook, parent: object, key: PropertyKey): unknown {
    this.#payload!.await({ parent, key, hook, path: [] });
    this.budget?.keep(PROMISE_BYTES);
    return this.runtime.makePromise(hook);
  }

  override defer(value: Promise<unknown>, parent: object, key: PropertyKey): unknown {
    return this.#await(this.runtime.hookOfPromise(value), parent, key);
  }

  /** Does what any decoder does. A promise in that place is only temporary. */
  protected override isCallable(value: unknown): boolean {
    return super.isCallable(value) && !this.runtime.isPromise(value);
  }

  abstract lookup(id: number): StubHook;
  abstract introduce(id: number, kind: "stub" | "stream" | "promise"): StubHook;
  abstract readable(id: number): ReadableStream;
}
