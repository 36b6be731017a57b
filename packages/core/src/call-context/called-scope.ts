import type { Budget } from "../budget.ts";
import { DeadlineError } from "../errors.ts";
import { AbortWatch } from "./abort-watch.ts";
import { carriedBy, scopeOf } from "./accounts.ts";
import type { Carried } from "./carried.ts";
import { CallScope } from "./scope.ts";
import type { CallSettings } from "./settings.ts";

/** The callee of a call, for errors. */
export interface Called {
  /** Describes the object that the call was made on. */
  describe(): string;
}

/**
 * The scope of one call that this side makes with options. Its only member is the call's result.
 */
export class CalledScope extends CallScope {
  deadline: number;
  readonly #settings: CallSettings;
  #around: Budget | undefined;
  readonly #on: Called | undefined;
  readonly #path: readonly (string | number)[];

  /**
   * @param outer the account of the call that this one belongs to
   * @param on the object that the call is made on, and the path to the method
   * @param carried the call's context, if it isn't that of `outer` with the options added
   */
  constructor(
    settings: CallSettings,
    outer: Budget | undefined,
    on: Called | undefined,
    path: readonly (string | number)[],
    carried = settings.carriedIn(carriedBy(outer)),
  ) {
    const around = scopeOf(outer);
    super(carried, around);
    this.#around = outer;
    this.deadline = carried?.deadline ?? Infinity;
    this.#settings = settings;
    this.#on = on;
    this.#path = path;
    const aborted = settings.signals.find((each) => each.aborted);
    if (aborted) this.fail(aborted.reason);
  }

  /** The scope of the same call that this one is in, because the call has options twice. */
  get #same(): CalledScope | undefined {
    const around = scopeOf(this.#around);
    return around instanceof CalledScope ? around : undefined;
  }

  /** True if the call belongs to the call around it; `undefined` if its options don't say. */
  get inherits(): boolean | undefined {
    return this.#settings.inherits ?? this.#same?.inherits;
  }

  /** The shortest of the call's own timeouts, in milliseconds. */
  get timeout(): number {
    return Math.min(this.#settings.timeout, this.#same?.timeout ?? Number.POSITIVE_INFINITY);
  }

  /** The signals of the call's own options. */
  get signals(): readonly AbortSignal[] {
    return [...(this.#same?.signals ?? []), ...this.#settings.signals];
  }

  /** True if the call may run twice; `undefined` if its options don't say. */
  get idempotent(): boolean | undefined {
    return this.#same?.idempotent ?? this.#settings.idempotent;
  }

  /** Makes the call no part of the call around it. */
  leave(): void {
    const same = this.#same;
    if (same) same.leave();
    else {
      this.outer?.remove(this);
      this.outer = undefined;
      this.#around = undefined;
    }
    this.carried = this.#settings.carriedIn(same?.carried);
  }

  /** The context of the call if `defaults` hold where its own options say nothing. */
  carriedOver(defaults: CallSettings): Carried | undefined {
    const outer = this.#same?.carriedOver(defaults) ?? defaults.carriedIn(carriedBy(this.#around));
    return this.#settings.carriedIn(outer);
  }

  override get isCancelable(): boolean {
    return this.#settings.isCancelable || super.isCancelable;
  }

  protected override watch(): void {
    super.watch();
    for (const signal of this.#settings.signals) AbortWatch.of(signal).add(this);
  }

  protected override unwatch(): void {
    super.unwatch();
    for (const signal of this.#settings.signals) AbortWatch.of(signal).remove(this);
  }

  /** Starts the time. A result that isn't asked for isn't sent, so it can't be late. */
  override awaited(session: object | undefined): void {
    const { timeout } = this.#settings;
    if (timeout === Infinity || this.place >= 0 || this.isOver) return;
    const around = carriedBy(this.#around)?.deadline ?? Infinity;
    this.deadline = Math.min(performance.now() + timeout, around);
    this.waitFor(this.deadline, session);
  }

  expire(): void {
    const on = this.#on && named(this.#on.describe());
    const path = this.#path.length > 0 && `'${this.#path.join(".")}'`;
    const what = path ? `${path}${on ? ` on ${on}` : ""}` : (on ?? "an object itself");
    const where = on ? "callOptions()" : "the session's option call";
    this.fail(
      new DeadlineError(
        `The call of ${what} gave no result within ${this.#settings.timeout} ms. ` +
          `Allow it a longer timeout in ${where}, or ask for less at a time.`,
      ),
    );
  }

  /** Ends the scope, because a call has one result. */
  protected override emptied(): void {
    this.end();
  }
}

/** The name of a callee in words that an application knows. */
function named(description: string): string {
  if (description === "session import 0") return "the peer's main object";
  if (description.startsWith("session")) return "an object of the peer";
  return description === "pending" ? "the result of a call" : description;
}
