import { reportError } from "@capnweb/core";
import { checkOptions, type OptionRules, optionRules } from "@capnweb/core/options";
import { checkHost } from "../check-host.ts";
import type { DrainOptions, DrainReport } from "../drain.ts";
import type { RpcHost } from "../host.ts";
import { DRAIN_RULES } from "../option-rules.ts";

/** Options of {@link closeOnSignals}. */
export interface CloseOnSignalsOptions extends DrainOptions {
  /** Default: `SIGTERM` and `SIGINT`. */
  readonly signals?: readonly NodeJS.Signals[] | undefined;
  /** Servers to close once the host is drained. */
  readonly servers?: readonly Closable[] | undefined;
  /** Called once the host is drained, for the application's own end. It may return a promise. */
  readonly onDrained?: ((report: DrainReport) => unknown) | undefined;
  /** True if the process then exits with the status 0. Default true. */
  readonly exit?: boolean | undefined;
}

/** A server of `node:http`, or anything that can be closed. */
export interface Closable {
  close(): unknown;
  closeAllConnections?(): void;
}

const RULES: OptionRules<CloseOnSignalsOptions> = {
  ...DRAIN_RULES,
  signals: optionRules.list,
  servers: {
    must: "an array of servers, which have the method close()",
    allows: (value) =>
      Array.isArray(value) && value.every((each) => typeof each?.close === "function"),
  },
  onDrained: optionRules.function,
  exit: optionRules.boolean,
};

/**
 * Drains a host when the process is told to end, and then ends the process. A second signal closes
 * all sessions at once. Errors of `onDrained` go to the host's `onError`.
 *
 * @returns a function that stops listening for signals
 * @throws TypeError for a value that isn't a host, an unknown option, and a wrong value
 *
 * @example
 * ```ts
 * closeOnSignals(host, { deadline: 25_000, servers: [server], onDrained: () => database.end() });
 * ```
 */
export function closeOnSignals(
  host: RpcHost<any, any>,
  options: CloseOnSignalsOptions = {},
): () => void {
  checkHost("closeOnSignals()", host);
  checkOptions("closeOnSignals()", options, RULES);
  const { signals = ["SIGTERM", "SIGINT"] } = options;
  let isEnding = false;
  const onSignal = () => {
    if (isEnding) void host.close();
    else void end(host, options);
    isEnding = true;
  };
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
}

async function end(
  host: RpcHost<any, any>,
  { servers = [], onDrained, exit = true, ...options }: CloseOnSignalsOptions,
): Promise<void> {
  const report = await host.drain(options);
  try {
    for (const server of servers) {
      server.close();
      server.closeAllConnections?.();
    }
    await onDrained?.(report);
  } catch (error) {
    reportError(error, "server", host.options.onError);
  }
  if (exit) process.exit();
}
