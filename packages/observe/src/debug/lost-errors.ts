import type { Interceptor, OutgoingCall, ResultUse, RpcPromise } from "@capnweb/core";
import { checkOptions, type OptionRules, optionRules } from "@capnweb/core/options";
import { short } from "../messages/expression-text.ts";
import { codeOf } from "../names/code-of.ts";

/** Options of {@link lostErrors}. */
export interface LostErrorsOptions {
  /** Receives the text of each warning. Default: `console.warn`. */
  warn?: ((text: string) => void) | undefined;
}

const RULES: OptionRules<LostErrorsOptions> = { warn: optionRules.function };

/** Most methods to warn about. */
const MOST_METHODS = 64;

/** Codes of errors that say nothing about the method. */
const ENDS: ReadonlySet<unknown> = /* @__PURE__ */ new Set([
  "BATCH_ENDED",
  "CANCELED",
  "CONNECTION_CLOSED",
  "CONNECTION_LOST",
  "DISPOSED",
  "SESSION_DISPOSED",
]);

declare function setTimeout(callback: () => void, delay: number): unknown;

/**
 * Makes an interceptor that warns, once for each method, if a call fails whose result the client
 * doesn't use. Such a failure is otherwise unnoticed, because no one asks for it.
 *
 * For development: it asks for all results that were not used within the turn of the call, so that
 * more messages are sent. It doesn't see the calls of HTTP batches, which are over by then.
 *
 * @throws TypeError for an unknown option or a wrong value
 *
 * @example
 * ```ts
 * const isDevelopment = process.env["NODE_ENV"] !== "production";
 * const options = observe({ interceptors: isDevelopment ? [lostErrors()] : [] });
 * ```
 */
export function lostErrors(options: LostErrorsOptions = {}): Interceptor {
  checkOptions("lostErrors()", options, RULES);
  const { warn = warnOnConsole } = options;
  const warned = new Set<string>();
  const lost = (call: OutgoingCall, error: unknown) => {
    const method = call.path.join(".") || "a function";
    if (warned.has(method) || warned.size >= MOST_METHODS) return;
    warned.add(method);
    warn(
      `The call ${method}() has failed, and nothing awaits its result: ${text(error)} ` +
        `Await the call, or handle the failure: ${method}().catch(…).`,
    );
  };
  return {
    call(call, next) {
      if (call.kind !== "call") return next();
      const use = call.watchUse();
      const promise = next();
      setTimeout(() => {
        if (!use.isUsed) askFor(use, (error) => !use.isUsed && lost(call, error));
      }, 0);
      return promise;
    },
  };
}

/** Asks for the outcome of a call, by a promise of its own. */
function askFor(use: ResultUse, failed: (error: unknown) => void): void {
  let promise: RpcPromise<any>;
  try {
    promise = use.ask();
  } catch {
    // The call hasn't left, or the application has disposed of it.
    return;
  }
  const release = () => promise[Symbol.dispose]();
  promise.then(release, (error: unknown) => {
    release();
    if (!ENDS.has(codeOf(error))) failed(error);
  });
}

const LONGEST_TEXT = 200;

function text(error: unknown): string {
  try {
    return short(`${error}`, LONGEST_TEXT);
  } catch {
    return "an error without text.";
  }
}

function warnOnConsole(warning: string): void {
  const { console } = globalThis as { console?: { warn(text: string): void } };
  console?.warn(warning);
}
