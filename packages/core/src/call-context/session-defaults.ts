import type { Budget } from "../budget.ts";
import { scopeOf } from "./accounts.ts";
import type { CallOptions } from "./call-options.ts";
import { CalledScope } from "./called-scope.ts";
import { CallSettings } from "./settings.ts";

/**
 * The options of all calls of a session. They take precedence over the context that a call inherits
 * from its caller's, which a stranger may have sent; the options of the call itself go before them.
 */
export class SessionDefaults {
  readonly #settings: CallSettings;
  /** The settings for calls with a timeout of their own, which may be longer. */
  readonly #withoutTimeout: CallSettings;

  /** @throws TypeError, LimitError as `callOptions` does */
  constructor(options: CallOptions) {
    this.#settings = new CallSettings(options);
    this.#withoutTimeout = new CallSettings({ ...options, timeout: undefined });
  }

  /** The scope of an outgoing call. */
  scopeOf(account: Budget | undefined, path: readonly (string | number)[]): CalledScope {
    const scope = scopeOf(account);
    if (!(scope instanceof CalledScope)) {
      const outer = this.#settings.inherits === false ? undefined : account;
      return new CalledScope(this.#settings, outer, undefined, path);
    }
    if (this.#settings.inherits === false && !scope.inherits) scope.leave();
    const settings =
      scope.timeout === Number.POSITIVE_INFINITY ? this.#settings : this.#withoutTimeout;
    return new CalledScope(settings, account, undefined, path, scope.carriedOver(settings));
  }
}
