import { ANNOUNCEMENT_ID, type Expression } from "@capnweb/wire";
import { afterAwaits } from "../after-awaits.ts";
import type { Budget } from "../budget.ts";
import type { Cancelable } from "../call-context/abort-watch.ts";
import { carriedBy, scopeOf } from "../call-context/accounts.ts";
import type { Carried } from "../call-context/carried.ts";
import type { CallScope } from "../call-context/scope.ts";
import { SessionDefaults } from "../call-context/session-defaults.ts";
import { ErrorHook, type PropertyPath, type StubHook } from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";
import type { ContextHost } from "../session/contexts.ts";
import { type ImportEntry, ImportHook } from "../session/import-entry.ts";
import type { RpcSessionOptions } from "../session/options.ts";
import { Outgoing, type OutgoingHost } from "../session/outgoing.ts";
import type { ResultEntry } from "../session/result-entry.ts";
import type { Transport } from "../transport.ts";
import { ToldContext } from "./told-context.ts";

/** The requests of a session whose calls have contexts. */
export class ContextualOutgoing extends Outgoing {
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
    // The usual call has neither an account nor options. Skipping these paths saves 3 % of it.
    if (args.budget || this.#defaults) {
      args.budget = this.#accountOf(args.budget, path);
      const refusal = this.#refusalOf(args.budget);
      if (refusal) {
        args.dispose();
        return refusal;
      }
    }
    return super.call(id, path, args);
  }

  override get(id: number, path: PropertyPath, budget: Budget | undefined): StubHook {
    const account = this.#accountOf(budget, path);
    return this.#refusalOf(account) ?? super.get(id, path, account);
  }

  override map(
    id: number,
    path: PropertyPath,
    captures: StubHook[],
    instructions: Expression[],
    budget: Budget | undefined,
  ): StubHook {
    const account = this.#accountOf(budget, path);
    const refusal = this.#refusalOf(account);
    if (refusal) throw refusal.error;
    return super.map(id, path, captures, instructions, account);
  }

  /** The failure of a call that can't be sent: cancelled, or with a context that is too large. */
  #refusalOf(account: Budget | undefined): ErrorHook | undefined {
    return refusalOf(account) ?? this.#told.refusalOf(carriedBy(account)?.metadata);
  }

  /** The account of an outgoing call, with the session's own options, if it has any. */
  #accountOf(account: Budget | undefined, path: PropertyPath): Budget | undefined {
    return this.#defaults ? this.#defaults.scopeOf(account, path) : account;
  }

  /** The context that a call of an account leaves with, the session's own options included. */
  contextOf(account: Budget | undefined, path: PropertyPath): Carried | undefined {
    return carriedBy(this.#accountOf(account, path));
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
    callOf(entry)?.over();
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

function callOf(entry: ImportEntry): CallInScope | undefined {
  return (entry as Partial<ResultEntry>).inScope as CallInScope | undefined;
}

/** A call of this side that a scope may cancel, until its result is there or given up. */
class CallInScope implements Cancelable {
  readonly #outgoing: ContextualOutgoing;
  readonly #entry: ResultEntry;
  readonly #scope: CallScope;

  private constructor(outgoing: ContextualOutgoing, entry: ResultEntry, scope: CallScope) {
    this.#outgoing = outgoing;
    this.#entry = entry;
    this.#scope = scope;
  }

  static begin(outgoing: ContextualOutgoing, entry: ResultEntry, scope: CallScope): void {
    // The session may have ended while it sent the call.
    if (entry.resolution) return;
    const call = new CallInScope(outgoing, entry, scope);
    entry.inScope = call;
    scope.add(call);
  }

  /** Notes that the result is asked for. */
  awaited(): void {
    this.#scope.awaited(this.#outgoing);
  }

  over(): void {
    this.#scope.remove(this);
  }

  fail(reason: unknown): void {
    const entry = this.#entry;
    if (entry.resolution) return;
    this.#outgoing.cancel(entry, new ErrorHook(reason));
  }
}

/**
 * The failure of a call that can't be made any more, because the surrounding call or scope is
 * cancelled.
 */
function refusalOf(account: Budget | undefined): ErrorHook | undefined {
  const failure = scopeOf(account)?.failure;
  return failure && new ErrorHook(failure.reason);
}
