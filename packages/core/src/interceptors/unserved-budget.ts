import { Budget } from "../budget.ts";

/** The account of an operation that has passed its session's interceptors, and is passed on. */
export class UnservedBudget extends Budget {
  readonly #account: Budget;

  constructor(account: Budget) {
    super(account.owner, account.size);
    this.#account = account;
  }

  override get serving(): undefined {
    return undefined;
  }

  override get ofNested(): Budget {
    return this.#account;
  }

  override get root(): Budget {
    return this.#account.root;
  }

  override getDepth(): number {
    return this.#account.getDepth();
  }

  override spend(steps: number): void {
    this.#account.spend(steps);
  }

  override countEncoding(steps: number): void {
    this.#account.countEncoding(steps);
  }

  override wait(): void {
    this.#account.wait();
  }

  override keep(bytes: number): void {
    this.#account.keep(bytes);
  }

  override make(length: number): void {
    this.#account.make(length);
  }

  override at(depth: number): Budget {
    return this.#account.at(depth);
  }

  override further(): Budget {
    return new UnservedBudget(this.#account.further());
  }
}
