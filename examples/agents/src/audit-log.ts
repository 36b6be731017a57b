/** One use of a capability. */
export interface AuditEntry {
  /** The holders, from the user to the one that has acted: `ada > summarizer`. */
  readonly who: string;
  /** The id of the grant through which it acted. */
  readonly grant: number;
  readonly action: string;
  /** The folder, and the name in it as the holder gave it. */
  readonly path: string;
  /** `ok`, or the code of the error. */
  readonly outcome: string;
}

/** The latest uses of capabilities. A real one is written where nothing can change it. */
export class AuditLog {
  readonly #entries: AuditEntry[] = [];
  readonly #limit: number;

  constructor(limit = 10_000) {
    this.#limit = limit;
  }

  add(entry: AuditEntry): void {
    this.#entries.push(entry);
    if (this.#entries.length > this.#limit) this.#entries.shift();
  }

  /** The entries of one user, and of all that act for the user. */
  of(user: string): AuditEntry[] {
    return this.#entries.filter(({ who }) => who === user || who.startsWith(`${user} > `));
  }
}
