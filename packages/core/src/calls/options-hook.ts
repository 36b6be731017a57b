import type { EncodeContext, Expression } from "@capnweb/wire";
import type { BrokenListener } from "../broken-listener.ts";
import type { Budget } from "../budget.ts";
import { CalledScope } from "../call-context/called-scope.ts";
import type { CallSettings } from "../call-context/settings.ts";
import {
  ErrorHook,
  type PropertyPath,
  type Puller,
  type StreamedCall,
  StubHook,
} from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";
import type { Shared } from "../model/shared-hook.ts";
import { Deferred } from "../promise/deferred.ts";
import { PromiseHook } from "../promise/promise-hook.ts";

/**
 * A reference with options for the calls that are made on it. In every other respect, it behaves
 * like the reference: a receiver that it is passed to gets the reference alone.
 */
export class OptionsHook extends StubHook {
  /** The reference, which is disposed of with this one. */
  readonly inner: StubHook;
  readonly settings: CallSettings;
  /** The scope of the call whose result this is. */
  readonly #made: CalledScope | undefined;

  constructor(inner: StubHook, settings: CallSettings, made?: CalledScope) {
    super();
    this.inner = inner;
    this.settings = settings;
    this.#made = made;
  }

  override deliverCall(path: PropertyPath, args: Payload): StubHook {
    // The peer's own options apply to the peer's calls.
    if (args.budget?.owner) return this.inner.deliverCall(path, args);
    const scope = this.#begin(args.budget, path);
    // The end of the call around it counts only for a session whose calls belong to that call.
    if (scope.isOver) {
      args.dispose();
      return new ErrorHook(scope.failure?.reason);
    }
    args.budget = scope;
    return this.#result(this.inner.deliverCall(path, args), scope);
  }

  override deliverMap(
    path: PropertyPath,
    captures: StubHook[],
    instructions: Expression[],
    account?: Budget,
  ): StubHook {
    if (account?.owner) return this.inner.deliverMap(path, captures, instructions, account);
    const scope = this.#begin(account, path);
    if (scope.isOver) throw scope.failure?.reason;
    return this.#result(this.inner.deliverMap(path, captures, instructions, scope), scope);
  }

  override get(path: PropertyPath, account?: Budget): StubHook {
    if (account?.owner) return this.inner.get(path, account);
    if (path.length === 0) return new OptionsHook(this.inner.get(path, account), this.settings);
    const scope = this.#begin(account, path);
    if (scope.isOver) return new ErrorHook(scope.failure?.reason);
    return this.#result(this.inner.get(path, scope), scope);
  }

  override deliverStream(path: PropertyPath, args: Payload): StreamedCall {
    return this.inner.deliverStream(path, args);
  }

  #begin(account: Budget | undefined, path: PropertyPath): CalledScope {
    const { settings } = this;
    return new CalledScope(
      settings,
      settings.inherits === false ? undefined : account,
      this.inner,
      path,
    );
  }

  #result(result: StubHook, scope: CalledScope): StubHook {
    // A promise of this process. A session fails its results itself.
    const pending = result instanceof PromiseHook ? result.live : undefined;
    if (pending) {
      scope.add(pending);
      result.whenSettled(() => scope.end());
    }
    return new OptionsHook(result, this.settings, scope);
  }

  override pull(puller: Puller): void {
    this.#made?.awaited(undefined);
    this.inner.pull(puller);
  }

  override dup(): StubHook {
    return new OptionsHook(this.inner.dup(), this.settings, this.#made);
  }

  override get payload(): Payload | undefined {
    return this.inner.payload;
  }

  override peek(): Payload | undefined {
    return this.inner.peek();
  }

  override onBroken(listener: BrokenListener): void {
    this.inner.onBroken(listener);
  }

  override dispose(failure?: ErrorHook): void {
    const { live } = this;
    this.inner.dispose(failure);
    // Nothing is left to be cancelled, and the method may never return.
    if (live instanceof Deferred && !live.isUsed) this.#made?.end();
  }

  override letGo(): void {
    this.inner.letGo();
  }

  override handedOver(): void {
    this.inner.handedOver();
  }

  override get isLocal(): boolean {
    return this.inner.isLocal;
  }

  override idFor(session: object): number | undefined {
    return this.inner.idFor(session);
  }

  override forbidCoercion(): void {
    this.inner.forbidCoercion();
  }

  override get errorProperties(): EncodeContext["errorProperties"] {
    return this.inner.errorProperties;
  }

  override describe(): string {
    return this.inner.describe();
  }

  override next(): StubHook | undefined {
    return this.inner.next();
  }

  override whenSettled(callback: (hook: StubHook) => void): void {
    this.inner.whenSettled(callback);
  }

  override settled(): StubHook {
    return this.inner.settled();
  }

  /** The shared part of the reference, by which references to one thing are recognised. */
  get live(): Shared | undefined {
    return (this.inner as { readonly live?: Shared | undefined }).live;
  }
}
