import { Budget } from "../budget.ts";

/**
 * The view of an operation that has passed its session's interceptors, and is passed on. It takes
 * its steps from the account that it is a view of.
 */
export class UnservedBudget extends Budget {
  readonly #account: Budget;

  constructor(account: Budget) {
    super(account.owner, account.size, account.root, account.depth);
    this.#account = account;
  }

  override get serving(): undefined {
    return undefined;
  }

  override get ofNested(): Budget {
    return this.#account;
  }

  override at(depth: number): Budget {
    return this.#account.at(depth);
  }

  override further(): Budget {
    return new UnservedBudget(this.#account.further());
  }
}
