import type { Budget } from "../budget.ts";
import { scopeOf } from "./accounts.ts";
import type { CallOptions } from "./call-options.ts";
import { CalledScope } from "./called-scope.ts";
import { CallSettings } from "./settings.ts";

/** The options of all calls of a session. The calls' own options take precedence. */
export class SessionDefaults {
  readonly #settings: CallSettings;
  /** The settings for calls with a timeout of their own, which may be longer. */
  readonly #withoutTimeout: CallSettings;

  /** @throws TypeError, LimitError as `callOptions` does */
  constructor(options: CallOptions) {
    this.#settings = new CallSettings(options, undefined, true);
    this.#withoutTimeout = new CallSettings({ ...options, timeout: undefined }, undefined, true);
  }

  /** The scope of an outgoing call. */
  scopeOf(account: Budget | undefined, path: readonly (string | number)[]): CalledScope {
    const scope = scopeOf(account);
    if (!(scope instanceof CalledScope)) {
      const outer = this.#settings.inherits ? account : undefined;
      return new CalledScope(this.#settings, outer, undefined, path);
    }
    const { timeout } = scope.settings;
    const hasTimeout = timeout !== Number.POSITIVE_INFINITY;
    const settings = hasTimeout ? this.#withoutTimeout : this.#settings;
    return new CalledScope(settings, account, undefined, path);
  }
}
