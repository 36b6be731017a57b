import type { ErrorListener } from "../report.ts";
import { reportError } from "./report-error.ts";

/** Most refusals that a server reports. Clients choose their texts. */
const MOST = 100;

/**
 * Reports each kind of refusal once. Operators learn which setting refuses their users, and clients
 * can't fill the log.
 */
export class RefusalLog {
  readonly #onError: ErrorListener | undefined;
  readonly #reported = new Set<string>();

  /** @param onError receives the refusals; without it, they go to the console */
  constructor(onError: ErrorListener | undefined) {
    this.#onError = onError;
  }

  /** Reports a refusal, unless one with the same text was reported before. Never throws. */
  report(refusal: Error): void {
    if (this.#reported.size >= MOST || this.#reported.has(refusal.message)) return;
    this.#reported.add(refusal.message);
    reportError(refusal, this.#onError);
  }
}
