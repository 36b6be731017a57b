import type { Budget } from "../budget.ts";
import { DeadlineError } from "../errors.ts";
import { AbortWatch } from "./abort-watch.ts";
import { carriedBy, scopeOf } from "./accounts.ts";
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
  readonly #around: Budget | undefined;
  readonly #on: Called | undefined;
  readonly #path: readonly (string | number)[];

  /**
   * @param outer the account of the call that this one belongs to
   * @param on the object that the call is made on, and the path to the method
   */
  constructor(
    settings: CallSettings,
    outer: Budget | undefined,
    on: Called | undefined,
    path: readonly (string | number)[],
  ) {
    const around = scopeOf(outer);
    const carried = settings.carriedIn(carriedBy(outer));
    super(carried, around);
    this.#around = outer;
    this.deadline = carried?.deadline ?? Number.POSITIVE_INFINITY;
    this.#settings = settings;
    this.#on = on;
    this.#path = path;
    const aborted = settings.signals.find((each) => each.aborted);
    if (aborted) this.fail(aborted.reason);
    else if (around?.failure) this.fail(around.failure.reason);
  }

  /** The options that the call was made with. */
  get settings(): CallSettings {
    return this.#settings;
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
    if (timeout === Number.POSITIVE_INFINITY || this.place >= 0 || this.isOver) return;
    const around = carriedBy(this.#around)?.deadline ?? Number.POSITIVE_INFINITY;
    this.deadline = Math.min(performance.now() + timeout, around);
    this.waitFor(this.deadline, session);
  }

  expire(): void {
    const on = this.#on ? ` on ${this.#on.describe()}` : "";
    const path = this.#path.length > 0 ? `'${this.#path.join(".")}'` : "the object itself";
    this.fail(
      new DeadlineError(
        `The call of ${path}${on} gave no result within ${this.#settings.timeout} ms. ` +
          "Allow it a longer timeout in callOptions(), or ask for less at a time.",
      ),
    );
  }

  /** Ends the scope, because a call has one result. */
  protected override emptied(): void {
    this.end();
  }
}
