import { ANNOUNCEMENT_ID, type Expression } from "@capnweb/wire";
import { afterAwaits } from "../after-awaits.ts";
import type { Budget } from "../budget.ts";
import { carriedBy, scopeOf } from "../call-context/accounts.ts";
import type { Carried } from "../call-context/carried.ts";
import { SessionDefaults } from "../call-context/session-defaults.ts";
import { ErrorHook, type PropertyPath, type StubHook } from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";
import type { ContextHost } from "../session/contexts.ts";
import { type ImportEntry, ImportHook } from "../session/import-entry.ts";
import type { RpcSessionOptions } from "../session/options.ts";
import { Outgoing, type OutgoingHost } from "../session/outgoing.ts";
import type { ResultEntry } from "../session/result-entry.ts";
import type { Transport } from "../transport.ts";
import { CallInScope, callOf } from "./call-in-scope.ts";
import { HeardContexts } from "./heard-contexts.ts";
import { ToldContext } from "./told-context.ts";

/** The requests of a session whose calls have contexts. */
export class ContextualOutgoing extends Outgoing {
  /** The contexts of the peer's own calls. */
  readonly heard: HeardContexts;
  readonly #host: OutgoingHost;
  readonly #told: ToldContext;
  #looks = false;
  /** The import that is being settled, which releases it. */
  #settling: ImportEntry | undefined;
  readonly #defaults: SessionDefaults | undefined;
  readonly #transport: Transport;

  /** @throws TypeError, LimitError for an invalid option `call` */
  constructor(
    host: OutgoingHost,
    transport: Transport,
    { call, releaseForgotten }: RpcSessionOptions,
  ) {
    super(host, transport, releaseForgotten);
    this.#host = host;
    this.#transport = transport;
    this.#told = new ToldContext(host, transport);
    this.heard = new HeardContexts(host as unknown as ContextHost);
    // All of the peer's calls in a batch have one context.
    if (transport.received) {
      (host as unknown as ContextHost).received = transport.received as Carried;
    }
    if (call) this.#defaults = new SessionDefaults(call);
  }

  /** Called when the peer has announced that it knows contexts. */
  tellContexts(): void {
    this.#told.isKnown = true;
  }

  override call(id: number, path: PropertyPath, args: Payload): StubHook {
    if (this.#defaults) args.budget = this.accountOf(args.budget, path);
    return this.#refuseCall(id, args) ?? super.call(id, path, args);
  }

  override get(id: number, path: PropertyPath, budget: Budget | undefined): StubHook {
    const account = this.accountOf(budget, path);
    return this.#refuse(id, account) ?? super.get(id, path, account);
  }

  override map(
    id: number,
    path: PropertyPath,
    captures: StubHook[],
    instructions: Expression[],
    budget: Budget | undefined,
  ): StubHook {
    return this.sendMap(id, path, captures, instructions, this.accountOf(budget, path));
  }

  /** The account of an outgoing call, with the session's own options, if it has any. */
  protected accountOf(account: Budget | undefined, path: PropertyPath): Budget | undefined {
    return this.#defaults ? this.#defaults.scopeOf(account, path) : account;
  }

  // Requests with their complete accounts.

  sendCall(id: number, path: PropertyPath, args: Payload): StubHook {
    return this.#refuseCall(id, args) ?? super.call(id, path, args);
  }

  sendGet(id: number, path: PropertyPath, account: Budget | undefined): StubHook {
    return this.#refuse(id, account) ?? super.get(id, path, account);
  }

  sendMap(
    id: number,
    path: PropertyPath,
    captures: StubHook[],
    instructions: Expression[],
    account: Budget | undefined,
  ): StubHook {
    const refusal = this.#refuse(id, account);
    if (refusal) throw refusal.error;
    return super.map(id, path, captures, instructions, account);
  }

  #refuseCall(id: number, args: Payload): ErrorHook | undefined {
    const refusal = this.#refuse(id, args.budget);
    if (refusal) args.dispose();
    return refusal;
  }

  /** The failure of a call that can't be sent: cancelled, or with a context that is too large. */
  #refuse(id: number, account: Budget | undefined): ErrorHook | undefined {
    const on = id > 0 ? this.imports.get(id) : undefined;
    if (on) callOf(on)?.used();
    // The usual call has neither an account nor options. Skipping the rest saves 3 % of it.
    if (!account) return undefined;
    return refusalOf(account) ?? this.#told.refusalOf(carriedBy(account)?.metadata);
  }

  protected override push(
    expression: unknown,
    account: Budget | undefined,
    attached: readonly Uint8Array[] | undefined,
  ): StubHook {
    const told = this.#told;
    if (!account && told.isNone) return super.push(expression, account, attached);
    const failure = told.tell(carriedBy(account));
    if (failure) return failure;
    const scope = scopeOf(account);
    if (!scope) return super.push(expression, account, attached);
    // A message must be able to refer to the result of a call that may be cancelled.
    const result = super.push(expression, account, attached, scope.isCancelable);
    if (result instanceof ImportHook) CallInScope.begin(this, result.live as ResultEntry, scope);
    return result;
  }

  override pull(entry: ImportEntry): void {
    callOf(entry)?.awaited();
    super.pull(entry);
  }

  override settle(entry: ImportEntry, hook: StubHook): void {
    this.#settling = entry;
    super.settle(entry, hook);
  }

  /** Releases an import that is given up or settled. */
  override release(entry: ImportEntry): void {
    if (this.#settling === entry) {
      this.#settling = undefined;
      super.release(entry);
      return;
    }
    callOf(entry)?.givenUp();
    if (isStreamed(entry)) this.#giveUp(entry);
    else super.release(entry);
    this.#lookForNeed();
  }

  /** Tells a transport for one exchange if no result is waited for any more. */
  #lookForNeed(): void {
    const transport = this.#transport;
    if (!transport.unneeded || this.#looks) return;
    this.#looks = true;
    afterAwaits(() => {
      this.#looks = false;
      // Only the main object is left.
      if (!this.#host.lifetime.over && this.imports.size === 1) transport.unneeded?.();
    });
  }

  /** Cancels a call: gives up its result, and puts a failure in its place. */
  cancel(entry: ResultEntry, failure: ErrorHook): void {
    if (!entry.refer()) this.#giveUp(entry);
    this.settle(entry, failure);
    this.#lookForNeed();
  }

  /** Gives up a result that no message can refer to. */
  #giveUp(entry: ImportEntry): void {
    const { outbox, form } = this.#host;
    if (!this.#told.isKnown) return;
    const message = { capnweb: { cancel: entry.id } };
    outbox.tell("reject", ANNOUNCEMENT_ID, form.operand(message));
  }
}

function isStreamed(entry: ImportEntry): boolean {
  return (entry as Partial<ResultEntry>).kind === "streamed";
}

/**
 * The failure of a call that can't be made any more, because the surrounding call or scope is
 * cancelled.
 */
function refusalOf(account: Budget | undefined): ErrorHook | undefined {
  const failure = scopeOf(account)?.failure;
  return failure && new ErrorHook(failure.reason);
}
