import { afterAwaits } from "../after-awaits.ts";
import type { BrokenListener } from "../broken-listener.ts";
import type { Cancelable } from "../call-context/abort-watch.ts";
import { scopeOf } from "../call-context/accounts.ts";
import { CanceledError } from "../errors.ts";
import { ErrorHook, type Puller, pullInto, type StubHook } from "../model/hook.ts";
import { Shared } from "../model/shared-hook.ts";
import { listenTo } from "../promise/deferred.ts";
import { attempting } from "./attempts.ts";
import type {
  CallsOfSession,
  FollowedSource,
  FollowingPolicy,
  RepeatableCall,
} from "./followed-source.ts";
import { isIdempotent, type Operation } from "./operation.ts";
import { sessionsSoFar } from "./session-calls.ts";

/** The number of calls made so far, which gives each its place in the order. */
let made = 0;

/**
 * An operation on something whose session may be replaced, and its result. It waits while there is
 * no session. It is made again on the next session if it never left the one that was lost, or once
 * if it may run twice, unless it used a stream. Operations on its result wait for it, and
 * move along.
 *
 * It keeps the arguments only as long as it may be made again.
 */
export class FollowedCall extends Shared implements FollowedSource, Cancelable, RepeatableCall {
  readonly order = made++;
  readonly #source: FollowedSource;
  /** The operation, as long as it may have to be made again. */
  #operation: Operation | undefined;
  readonly #isIdempotent: boolean;
  /** The result of the current attempt, or the final failure. */
  #result: StubHook | undefined;
  #session: CallsOfSession | undefined;
  /** The number of attempts that were given up, so that their late outcomes don't count. */
  #attempt = 0;
  /** The failure of the first attempt that may have run, once the call is repeated. */
  #mayHaveRun: { readonly error: unknown; readonly at: number } | undefined;
  waitsFor: FollowingPolicy | undefined;
  #hasLeft = false;
  /** The receivers of the outcome, once something asked for it, until it is there. */
  #pullers: Puller[] | undefined;
  #isPulled = false;
  /** The number of operations on the result that wait for their own results. */
  #needs = 0;
  /** The operations on the result that wait for the next attempt. */
  #children: RepeatableCall[] = [];
  #listeners: BrokenListener[] | undefined;
  /** Told if the call fails while no attempt is under way. */
  #watchers: ((error: unknown) => void)[] | undefined;
  /** The error of an attempt that couldn't be sent because of its arguments. */
  refused: { readonly error: unknown } | undefined;

  /** @param operation taken over */
  constructor(source: FollowedSource, operation: Operation) {
    super();
    this.#source = source;
    this.#operation = operation;
    this.#isIdempotent = source.policy.isIdempotent ?? isIdempotent(operation);
    scopeOf(operation.account)?.add(this);
  }

  get policy(): FollowingPolicy {
    return this.#source.policy;
  }

  get absence(): unknown {
    return this.#source.absence;
  }

  /** The result that is known now. */
  get result(): StubHook | undefined {
    return this.#result;
  }

  /** Makes the call, or has it wait. */
  begin(): void {
    if (this.#operation) this.#source.submit(this);
  }

  /** True if the call doesn't have to be made any more. */
  get isOver(): boolean {
    return this.#operation === undefined;
  }

  /** Makes the call on `target`, which belongs to `session`. */
  make(target: StubHook, session: CallsOfSession | undefined): void {
    const operation = this.#operation;
    if (!operation) return;
    this.#session = session;
    const left = session?.leftSoFar;
    let result: StubHook;
    try {
      result = attempting(this, () => operation.on(target));
    } catch (error) {
      this.refused = { error };
      result = new ErrorHook(error);
    }
    // Its arguments may have run code that cancelled it.
    if (!this.#operation) {
      result.dispose();
      return;
    }
    this.#result = result;
    this.#hasLeft = false;
    if (this.refused || operation.usesStreams) this.#forgetOperation();
    else if (session && session.leftSoFar === left && !session.isOver) session.unsent(this);
    else this.left();
    if (this.#pullers) this.#pull();
    this.#release();
  }

  /** Makes the operations that waited for the result, which nothing may need afterwards. */
  #release(): void {
    const result = this.#result!;
    for (const child of this.#children.splice(0)) child.make(result, this.#session);
    if (this.count === 0) result.dispose();
  }

  /** Notes that the call has left, or that it can't be known any more whether it has. */
  left(): void {
    this.#hasLeft = true;
    if (!this.#isIdempotent || this.count === 0) this.#forgetOperation();
    else if (!this.#isPulled) afterAwaits(() => this.#forgetUnneeded());
  }

  /** An effect that nothing waits for isn't repeated. */
  #forgetUnneeded(): void {
    if (this.#hasLeft && !this.#isNeeded) this.#forgetOperation();
  }

  /** Makes the call again, because its session was lost before it left. */
  lost(): void {
    if (!this.#operation || this.waitsFor) return;
    if (this.#source.canSubmit) this.#makeAgain();
    else this.fail(this.#session?.failure);
  }

  submit(child: RepeatableCall): void {
    const result = this.#result;
    if (!result) this.#children.push(child);
    else if (!this.#session?.isOver || !this.#mayBeRepeated) child.make(result, this.#session);
    else {
      this.#children.push(child);
      // Otherwise, its own failure makes it again.
      if (!this.#pullers) this.#repeat();
    }
  }

  #repeat(): void {
    const error = this.#session?.interrupted;
    if (this.#takeRepetition(error)) this.#makeAgain();
    else this.fail(error);
  }

  /** Counts a repetition, unless the policy refuses it. Those in a row are one. */
  #takeRepetition(error: unknown): boolean {
    if (!this.#mayHaveRun && !this.policy.mayRepeat()) return false;
    this.#mayHaveRun ??= { error, at: sessionsSoFar() };
    return true;
  }

  need(): void {
    this.#needs++;
    this.#source.need();
  }

  unneed(): void {
    this.#needs--;
    this.#source.unneed();
    this.#forgetUnneeded();
  }

  get #isNeeded(): boolean {
    return this.#pullers !== undefined || this.#needs > 0;
  }

  get canSubmit(): boolean {
    return !this.#result || !this.#session?.isOver || this.#mayBeRepeated;
  }

  get #mayBeRepeated(): boolean {
    if (!this.#operation || !this.#isIdempotent || !this.#isNeeded) return false;
    // A session that was there already may have been lost for the same reason.
    return !this.#mayHaveRun || this.#session!.number < this.#mayHaveRun.at;
  }

  #makeAgain(): void {
    this.#attempt++;
    this.#result?.dispose();
    this.#result = undefined;
    this.#hasLeft = false;
    this.#source.submit(this);
  }

  /** Asks for the value, or has `puller` wait for it. */
  pull(puller: Puller): void {
    if (this.#pullers) {
      this.#pullers.push(puller);
      return;
    }
    if (this.#isPulled && this.#result) {
      pullInto(this.#result, puller);
      return;
    }
    this.#isPulled = true;
    this.#pullers = [puller];
    this.#source.need();
    if (this.#result) this.#pull();
  }

  #pull(): void {
    const attempt = ++this.#attempt;
    const session = this.#session;
    session?.awaits();
    const end = (settle: () => void) => {
      session?.settled();
      if (attempt === this.#attempt) settle();
    };
    pullInto(this.#result!, {
      resolve: (payload) => end(() => this.#settled((each) => each.resolve(payload))),
      reject: (error) => end(() => this.#rejected(error)),
    });
  }

  #rejected(error: unknown): void {
    if (this.#mayMakeAgain(error)) this.#makeAgain();
    else if (this.#operation && this.#session?.executionOf(error)) this.fail(error);
    else this.#settled((each) => each.reject(error));
  }

  /** True if `error` allows that the call is made again. */
  #mayMakeAgain(error: unknown): boolean {
    const execution = this.#operation && this.#session?.executionOf(error);
    if (!execution || !this.#source.canSubmit) return false;
    if (execution === "never") return true;
    return this.#mayBeRepeated && this.#takeRepetition(error);
  }

  #settled(tell: (puller: Puller) => void): void {
    const pullers = this.#pullers ?? [];
    if (this.#pullers) this.#source.unneed();
    this.#pullers = undefined;
    this.#forgetOperation();
    for (const puller of pullers) tell(puller);
    this.#release();
  }

  onFailed(callback: (error: unknown) => void): void {
    this.#watchers = [...(this.#watchers ?? []), callback];
  }

  fail(error: unknown): void {
    if (!this.#operation) return;
    const reason = this.#mayHaveRun ? this.#mayHaveRun.error : error;
    for (const watcher of this.#watchers ?? []) watcher(reason);
    this.#attempt++;
    this.#result?.dispose();
    this.#result = new ErrorHook(reason);
    this.waitsFor?.left(this);
    this.waitsFor = undefined;
    this.#settled((each) => each.reject(reason));
  }

  /** Nothing can make the call again from here on. */
  #forgetOperation(): void {
    const operation = this.#operation;
    if (!operation) return;
    this.#operation = undefined;
    scopeOf(operation.account)?.remove(this);
    operation.dispose();
    for (const listener of this.#listeners ?? []) listenTo(this.#result!, listener);
    this.#listeners = undefined;
  }

  onBroken(listener: BrokenListener): void {
    if (!this.#operation) listenTo(this.#result!, listener);
    else {
      this.#listeners ??= [];
      this.#listeners.push(listener);
    }
  }

  override drop(): void {
    const pullers = this.#pullers ?? [];
    if (this.#pullers) {
      this.#attempt++;
      this.#pullers = undefined;
      this.#source.unneed();
    }
    for (const puller of pullers) puller.reject(new CanceledError());
    // A call that waits is made all the same, because its effect may be what matters.
    this.#result?.dispose();
    if (this.#hasLeft) this.#forgetOperation();
  }
}
