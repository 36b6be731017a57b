import type { ContractName } from "./contract.ts";
import type { AttackResult } from "./result.ts";

/** Options of {@link attackServer}. */
export interface AttackOptions {
  /** Attacks to make: ids, kinds (`"A"`), or patterns of ids and titles with `*`. Default: all. */
  readonly only?: readonly string[] | undefined;
  /** Attacks to leave out, in the same form. Default: none. */
  readonly exclude?: readonly string[] | undefined;
  /** Seconds that an attack may take. Default 4. */
  readonly seconds?: number | undefined;
  /** Seconds after which no further attack begins. Default: no limit. */
  readonly total?: number | undefined;
  /** Milliseconds that a call of the victim may take. Default 500. */
  readonly slowest?: number | undefined;
  /**
   * Megabytes that the server may keep after an attack. Default: 32 by the server's own account, or
   * 256 of resident memory, which processes give back late.
   */
  readonly kept?: number | undefined;
  /** Repetitions of an attack that failed, or that only slowed down the victim. Default 1. */
  readonly repeat?: number | undefined;
  /** The application that the server offers. Default `"attack"`. */
  readonly contract?: ContractName | undefined;
  /**
   * A URL that answers a GET with the server's memory, `{ "used": bytes }`, after a garbage
   * collection.
   */
  readonly memoryUrl?: string | undefined;
  /** The id of the server's process, whose resident memory is read on Linux. */
  readonly pid?: number | undefined;
  /**
   * A shell command that starts the server. It runs again after each attack that hurts the server.
   */
  readonly start?: string | undefined;
  /** Seconds within which a server has to answer, at the start and after an attack. Default 10. */
  readonly wait?: number | undefined;
  /** Allows hosts other than this machine. Default `false`. */
  readonly isOwnServer?: boolean | undefined;
  /** Called with each result when it is there. */
  readonly onResult?: ((result: AttackResult) => void) | undefined;
}

/** The options with all defaults filled in. */
export type Settings = ReturnType<typeof settingsOf>;

/**
 * Fills in the defaults.
 *
 * @param isThread whether the server is a thread, which reports its memory itself
 */
export function settingsOf(options: AttackOptions, isThread = false) {
  const hasAccount = isThread || options.memoryUrl !== undefined;
  const { seconds = 4, slowest = 500, repeat = 1, wait = 10, total } = options;
  return {
    ...options,
    seconds,
    slowest,
    repeat,
    wait,
    total: total ?? Number.POSITIVE_INFINITY,
    contract: options.contract ?? ("attack" as const),
    kept: (options.kept ?? (hasAccount ? 32 : 256)) * 1e6,
  };
}
