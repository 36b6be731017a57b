import { isObjectOrFunction } from "@capnweb/wire/internal";
import { Budget } from "../budget.ts";
import { COPIED_VALUE_BYTES, PROMISE_BYTES, STUB_BYTES } from "../call-context/counts.ts";
import type { ErrorListener } from "../report.ts";
import { Copier, capabilityTypeOf, NONE, withOneMore } from "./copier.ts";
import { type Filling, fillParts } from "./fill-in.ts";
import type { FilledBytes } from "./filled-bytes.ts";
import type { StubHook } from "./hook.ts";
import type { PendingPart } from "./pending-part.ts";
import type { Runtime } from "./runtime.ts";
import { Shared } from "./shared-hook.ts";

/**
 * Something that a payload must give up along with itself: a hook, or a stream that was never read.
 */
export interface Disposer {
  dispose(): void;
  /** Notes that the application has it from now on, and may forget to dispose of it. */
  handedOver?(): void;
  /** Makes the disposer of a target report its failure to a session. */
  reportTo?(onError: ErrorListener): void;
  /**
   * Returns the chunks that hold something, and that would stay in a stream for ever without this.
   */
  waiting?(): Iterable<Payload>;
  /** Leaves a stream to the application, if the application has locked it. */
  leaveIfLocked?(): void;
}

type Ownership = "borrowed" | "piped" | "given" | "owned";

/**
 * A value together with the references it owns: a call's arguments, or a result. As a result, it is
 * the shared part of its hooks.
 *
 * The ownership of the capabilities in the value is one of
 *
 * - `borrowed`: the value is the application's, and so are the stubs in it. Functions and targets
 *   in it are handed in with it. Arguments start like this.
 * - `piped`: like `borrowed`, and the bytes in it aren't used anywhere else.
 * - `given`: the value is the application's, and everything in it is handed over. Results start
 *   like this.
 * - `owned`: the value is a tree of our own, in which every capability is a stub whose hook
 *   stands in `references`. Decoded payloads start like this; others become so when they have to.
 */
export class Payload extends Shared {
  readonly runtime: Runtime;
  value: unknown;
  /** The references that are given up with this payload. Only while `owned`. */
  references: Disposer[];
  /** The promises that must be filled in before delivery. Only while `owned`. */
  pending: PendingPart[];
  /** The budget of the message that the value came with. Work on the value counts against it. */
  budget: Budget | undefined;
  /** The bytes of values that were filled in. A field only if they are held for a peer. */
  declare filledBytes: FilledBytes | undefined;
  /** The reason why the value couldn't be copied. A field only in that case. */
  declare failure: { readonly error: unknown } | undefined;
  #ownership: Ownership | "disposed";
  #plain = false;
  #filling: Promise<void> | undefined;

  private constructor(
    runtime: Runtime,
    value: unknown,
    ownership: Ownership,
    references: Disposer[],
    pending: PendingPart[],
    budget?: Budget,
  ) {
    super();
    this.budget = budget;
    this.runtime = runtime;
    this.value = value;
    this.references = references;
    this.pending = pending;
    this.#ownership = ownership;
  }

  static borrowed(runtime: Runtime, value: unknown, budget?: Budget): Payload {
    return new Payload(runtime, value, "borrowed", NONE, NONE, budget);
  }

  static piped(runtime: Runtime, value: unknown): Payload {
    return new Payload(runtime, value, "piped", NONE, NONE);
  }

  static given(runtime: Runtime, value: unknown, budget?: Budget): Payload {
    return new Payload(runtime, value, "given", NONE, NONE, budget);
  }

  static owned(
    runtime: Runtime,
    value: unknown,
    references: Disposer[] = NONE,
    pending: PendingPart[] = NONE,
    budget?: Budget,
  ): Payload {
    return new Payload(runtime, value, "owned", references, pending, budget);
  }

  /**
   * A payload of a copy, with references of its own, of a value that stays its owner's.
   *
   * @throws EncodeError, LimitError as {@link own} does
   */
  static copied(runtime: Runtime, value: unknown, budget?: Budget): Payload {
    return Payload.borrowed(runtime, value, budget).copied(budget, false);
  }

  private copied(budget: Budget | undefined, isCopy: boolean): this {
    try {
      this.own(undefined, budget, isCopy);
      return this;
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  /** The promise that the whole value is, if it is one. */
  get promise(): StubHook | undefined {
    // Most hold none, and reading past the end of a frozen list isn't free.
    if (this.pending === NONE) return undefined;
    const pending = this.pending[0];
    return pending?.parent === this && pending.path.length === 0 ? pending.hook : undefined;
  }

  /** True if the value is known to contain nothing that stands for something else. */
  get isFlat(): boolean {
    return this.pending.length === 0 && this.references.length === 0;
  }

  /** True if bytes in the value may be kept as they are. */
  get isPiped(): boolean {
    return this.#ownership === "piped";
  }

  get isDisposed(): boolean {
    return this.#ownership === "disposed";
  }

  /**
   * True if all references in the value are known: it has no capability, or is `owned`, or is gone.
   */
  get isSeenTo(): boolean {
    return this.#plain || this.#ownership === "owned" || this.#ownership === "disposed";
  }

  /** True if every capability in the value is a stub with its hook in `references`. */
  get isOwned(): boolean {
    return this.#ownership === "owned";
  }

  /**
   * Turns the value into a tree of our own: copied, with a stub for every capability.
   *
   * @param lent hooks of stubs that stay their owner's, even if the value is `given`
   * @param budget the copied values count against it; default: the payload's own
   * @param isCopy whether the value also stays in its old place
   * @throws EncodeError for values nested too deep to copy, cycles included
   * @throws LimitError for more values than the budget has left
   */
  own(lent?: readonly Disposer[], budget: Budget | undefined = this.budget, isCopy = false): void {
    if (this.#ownership === "owned" || this.#ownership === "disposed") {
      // The value is unchanged, and copying it once more would hand over its references twice.
      if (this.failure) throw this.failure.error;
      return;
    }
    if (!isObjectOrFunction(this.value)) {
      this.#ownership = "owned";
      return;
    }
    const copier = new Copier(this.runtime, this.#ownership === "given", lent, budget);
    this.#ownership = "owned";
    try {
      this.value = copier.copy(this.value, this, "value");
      // A copy of a result that a message names takes memory besides the message's own.
      if (isCopy) {
        const references =
          STUB_BYTES * copier.references.length + PROMISE_BYTES * copier.pending.length;
        budget?.keep(COPIED_VALUE_BYTES * copier.values + references);
      }
    } catch (error) {
      this.failure = { error };
      copier.collect(this.value);
      throw error;
    } finally {
      const { references, pending } = copier;
      const onError = budget?.owner?.onError;
      if (onError) for (const each of references) each.reportTo?.(onError);
      // Application code that runs during the copy may have ended the session.
      if (this.isDisposed) {
        for (const each of [...references, ...pending.map(({ hook }) => hook)]) each.dispose();
      } else {
        this.references = references;
        this.pending = pending;
      }
    }
  }

  /**
   * A payload of the same value with references of its own. This one must be `owned`.
   *
   * @throws LimitError for more values than the budget has left
   */
  copy(budget: Budget): Payload {
    return Payload.borrowed(this.runtime, this.value).copied(budget, true);
  }

  /**
   * Puts the values of the promises in this one in their place. Must be `owned`.
   *
   * @param within the payloads that this one is being filled into
   * @param filled counts the values that are filled in, until this payload is disposed of
   * @returns `undefined` if all is in place; else a promise that rejects with the first failure
   * @throws TypeError if the value is a part of itself
   * @throws LimitError if that takes more steps than the budget has
   * @throws DepthError for promises 256 levels deep in the values of others
   */
  fillIn(within?: Filling, filled = within?.filled): Promise<void> | undefined {
    if (this.pending.length > 0) {
      if (!within && filled) this.filledBytes = filled;
      const budget = within?.budget ?? this.budget ?? new Budget(undefined, 0);
      this.#filling ??= fillParts({ payload: this, within, budget, filled });
    }
    return this.#filling;
  }

  /** Notes that nothing is left to be filled in. */
  filled(): void {
    this.pending = NONE;
    this.#filling = undefined;
  }

  /** Makes this payload own `reference`. */
  adopt(reference: Disposer): void {
    if (this.#ownership === "disposed") {
      reference.dispose();
      return;
    }
    this.references = withOneMore(this.references, reference);
  }

  /** Adds a part to be filled in before delivery. Takes over its hook. */
  await(part: PendingPart): void {
    this.pending = withOneMore(this.pending, part);
  }

  /** Gives up all references of the value. Idempotent. */
  dispose(): void {
    if (this.#ownership === "disposed") return;
    if (!this.isSeenTo) this.findReferences();
    this.#ownership = "disposed";
    this.filledBytes?.dispose();
    const { references, pending } = this;
    // Most hold nothing, and iterating over a frozen list isn't free.
    if (references === NONE && pending === NONE) return;
    this.references = NONE;
    this.pending = NONE;
    for (const reference of references) reference.dispose();
    for (const { parent, key, hook } of pending) {
      hook.dispose();
      // After a failure, the value outlives the promises, which are never awaited.
      if (key === "then") Reflect.deleteProperty(parent, key);
    }
  }

  private findReferences(): void {
    const owner = this.budget?.owner;
    const isGiven = this.#ownership === "given";
    try {
      const type = capabilityTypeOf(this.value, this.runtime);
      // Not at the message's expense: an answer that used up its steps is disposed of too.
      if (!type) this.own(undefined, this.budget && new Budget(owner, 0).ofAnswer());
      if (!type) return;
      // First, because application code may run, and dispose of this.
      this.#ownership = "owned";
      const hook = type.own!(this.value, this.runtime, isGiven, undefined);
      if (owner?.onError) hook.reportTo(owner.onError);
      this.adopt(hook);
      this.value = this.runtime.makeStub(hook);
    } catch {
      // Too deep or large to be delivered anywhere; its references are in `references`.
    }
  }

  override drop(): void {
    this.dispose();
  }

  /** Notes that the value has no capability, so that disposing of it needs no search. */
  markPlain(): void {
    this.#plain = true;
  }
}
