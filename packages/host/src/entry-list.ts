import type { SessionRequest } from "@capnweb/core/server";
import type { Draining } from "./drain.ts";
import { Entry, type EntryListener } from "./entry.ts";

/** The sessions of a host, from their admission to their end. */
export class EntryList implements Draining {
  readonly entries = new Set<Entry>();
  readonly #listener: EntryListener;
  /** Waits that end once no session is left. */
  readonly #empty = new Set<() => void>();
  /** Waits that end once the host is hurried. */
  readonly #patient = new Set<() => void>();
  #made = 0;
  #isHurried = false;

  constructor(listener: EntryListener) {
    this.#listener = listener;
  }

  /** Adds a session that has been admitted. */
  add(
    request: SessionRequest,
    accepted: { readonly context: unknown; readonly identity: string | undefined },
  ): Entry {
    const entry = new Entry(++this.#made, request, accepted, {
      opened: (opened) => this.#listener.opened(opened),
      ended: (ended, reason) => {
        this.entries.delete(ended);
        if (this.entries.size === 0) for (const done of [...this.#empty]) done();
        if (ended.hasOpened) this.#listener.ended(ended, reason);
      },
    });
    this.entries.add(entry);
    return entry;
  }

  get isHurried(): boolean {
    return this.#isHurried;
  }

  /** Makes waits for the sessions' own end resolve at once. */
  hurry(): void {
    this.#isHurried = true;
    for (const done of [...this.#patient]) done();
  }

  whenEmpty(timeout: number): Promise<void> {
    return this.entries.size === 0 ? Promise.resolve() : wait(timeout, [this.#empty]);
  }

  whenEmptyOrHurried(timeout: number): Promise<void> {
    if (this.entries.size === 0) return Promise.resolve();
    return this.#isHurried ? Promise.resolve() : wait(timeout, [this.#empty, this.#patient]);
  }

  /** Resolves after `timeout` milliseconds, or once hurried. */
  pause(timeout: number): Promise<void> {
    return this.#isHurried ? Promise.resolve() : wait(timeout, [this.#patient]);
  }
}

/** Resolves after `timeout` milliseconds, or once a place that it waits in calls back. */
function wait(timeout: number, places: readonly Set<() => void>[]): Promise<void> {
  if (timeout <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      for (const place of places) place.delete(done);
      resolve();
    };
    // Keeps the process running, because an operator waits for the drain.
    const timer = setTimeout(done, timeout);
    for (const place of places) place.add(done);
  });
}
