import { ChatError } from "./errors.ts";

/** Milliseconds for which attempts count. */
const WINDOW = 10 * 60 * 1000;
/** Attempts with one name, from all addresses together. */
const PER_NAME = 20;
/** Attempts from one address, with whatever names. */
const PER_ADDRESS = 50;
/** Hashes take a processor, so only so many are computed at a time. */
const MOST_AT_ONCE = 8;
/** Counts that are kept. A flood of names drops the oldest. */
const MOST_COUNTS = 10_000;

interface Count {
  attempts: number;
  readonly since: number;
}

/**
 * Bounds the attempts to sign in, because passwords can be guessed. An attempt counts before its
 * password is checked, so that attempts at the same time count too. A right password gives back the
 * attempt with its name. It doesn't give back that of the address, because the first password of a
 * new name is always right.
 */
export class LoginLimit {
  readonly #names = new Map<string, Count>();
  readonly #addresses = new Map<string, Count>();
  #running = 0;

  /**
   * Checks a password, unless there were too many attempts.
   *
   * @param address the client's; `undefined` if it isn't known
   * @throws ChatError `TOO_MANY`; the error of `check`
   */
  async attempt<T>(name: string, address: string | undefined, check: () => Promise<T>): Promise<T> {
    const byName = current(this.#names, name.toLowerCase());
    const byAddress = current(this.#addresses, address ?? "");
    if (
      byName.attempts >= PER_NAME ||
      byAddress.attempts >= PER_ADDRESS ||
      this.#running >= MOST_AT_ONCE
    ) {
      throw new ChatError("TOO_MANY", "There were too many attempts to sign in. Try again later.");
    }
    byName.attempts++;
    byAddress.attempts++;
    this.#running++;
    try {
      const result = await check();
      byName.attempts--;
      return result;
    } finally {
      this.#running--;
    }
  }
}

function current(counts: Map<string, Count>, key: string): Count {
  const now = performance.now();
  let count = counts.get(key);
  if (!count || now - count.since > WINDOW) {
    counts.delete(key);
    count = { attempts: 0, since: now };
    counts.set(key, count);
    const [oldest] = counts.keys();
    if (counts.size > MOST_COUNTS) counts.delete(oldest!);
  }
  return count;
}
