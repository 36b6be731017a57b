import { ConformanceError } from "./errors.ts";
import type { Inbox } from "./inbox.ts";
import type { ClientProbe, Probe } from "./probe.ts";

/** The probes that tell whether a peer has had the time to release. */
export interface Probes {
  /** For servers. */
  readonly server?: Probe | undefined;
  /** For clients. */
  readonly client?: ClientProbe | undefined;
}

/** The references that a peer has to release by the end of a scenario. */
export class Releases {
  readonly #inbox: Inbox;
  readonly #timeout: number;
  /** By the peer's own ids. */
  readonly #expected = new Map<number, number>();

  /** @param timeout milliseconds that a peer has for a message */
  constructor(inbox: Inbox, timeout: number) {
    this.#inbox = inbox;
    this.#timeout = timeout;
  }

  /** Adds references that the peer has to release. */
  expect(id: number, count: number): void {
    this.#expected.set(id, (this.#expected.get(id) ?? 0) + count);
  }

  /**
   * Waits for all releases. A peer that hung up has released all. One that answers calls a tenth of
   * the timeout later has had the time to release.
   *
   * @throws ConformanceError if releases are missing, or too many
   */
  async check(probes: Probes): Promise<void> {
    const due = performance.now() + this.#timeout / 10;
    for (const [id, count] of this.#expected) {
      const isDone = () => this.#inbox.released(id) >= count || this.#inbox.isClosed;
      const complain = () =>
        `expected ["release",${id},${count}], got ${this.#inbox.released(id)} so far`;
      const isMissing = () =>
        probes.server === undefined
          ? this.#isMissing(isDone, complain, due, probes.client)
          : this.#isMissingAtServer(isDone, due, probes.server);
      if (!isDone() && (await isMissing())) {
        throw new ConformanceError(`${complain()}, though a later call was answered`);
      }
      const got = this.#inbox.released(id);
      if (got > count) throw new ConformanceError(`released ${id} ${got} times, not ${count}`);
      this.#inbox.takeReleased(id);
    }
    await probes.client?.finish();
  }

  async #isMissingAtServer(isDone: () => boolean, due: number, probe: Probe): Promise<boolean> {
    for (;;) {
      await probe.ask();
      if (isDone()) return false;
      if (performance.now() >= due) return true;
      await this.#inbox.wait(isDone, Math.max(1, (due - performance.now()) / 2));
      if (isDone()) return false;
    }
  }

  /** Asks a client only once it seems to be wrong, because it needn't expect a call. */
  async #isMissing(
    isDone: () => boolean,
    complain: () => string,
    due: number,
    probe: ClientProbe | undefined,
  ): Promise<boolean> {
    if (probe !== undefined) {
      await this.#inbox.wait(isDone, Math.max(0, due - performance.now()));
    }
    if (isDone()) return false;
    await this.#inbox.until(() => isDone() || probe?.isAnswered() === true, complain);
    return !isDone();
  }
}
