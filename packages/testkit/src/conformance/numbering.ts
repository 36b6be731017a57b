import { parseMessage } from "./messages.ts";
import { type Target, withIds } from "./references.ts";

/**
 * Translates between the ids of the peer under test and the recorded ids. A peer numbers its
 * imports by counting its introductions, which may be more or fewer than in the recording, and
 * chooses the ids of its exports.
 */
export class Numbering {
  /** The recorded reference of each of the peer's imports, by the peer's id. */
  readonly #imports = new Map<number, Target>();
  readonly #ownImports = new Map<number, number>();
  #introduced = 0;
  #recorded = 0;
  /** The recorded imports that the peer won't make. */
  readonly #left = new Set<number>();
  /**
   * The peer's exports that we hold: for each recorded id, the peer's own ids of its references. A
   * peer may use a new id where the recording used an old one, or the reverse.
   */
  readonly #exports = new Map<number, number[]>();
  /** The peer's latest id of each of its exports, released ones included. */
  readonly #names = new Map<number, number>();
  #pending: [recorded: number, own: number][] = [];

  /** Notes that the peer has introduced its next import as recorded. */
  introduced(): void {
    const own = ++this.#introduced;
    do this.#recorded++;
    while (this.#left.has(this.#recorded));
    this.#imports.set(own, { id: this.#recorded, path: [] });
    this.#ownImports.set(this.#recorded, own);
  }

  /**
   * Notes that the peer has introduced a property that was sent differently in the recording.
   *
   * @returns the peer's id for it
   */
  introducedProperty(property: Target): number {
    this.#imports.set(++this.#introduced, property);
    return this.#introduced;
  }

  /** Notes that the peer won't introduce some of its recorded imports. */
  leaveOut(recorded: Iterable<number>): void {
    for (const each of recorded) this.#left.add(each);
  }

  /** The number of the peer's recorded imports so far. */
  get recorded(): number {
    return this.#recorded;
  }

  /**
   * Notes that the peer's message has `own` where the recording has `recorded`. Counts once it is
   * settled.
   */
  exported(recorded: number, own: number): void {
    this.#pending.push([recorded, own]);
  }

  /** Counts the exports of the message just compared, or forgets them. */
  settle(isAccepted: boolean): void {
    const pending = this.#pending;
    this.#pending = [];
    if (!isAccepted) return;
    for (const [recorded, own] of pending) {
      this.#names.set(recorded, own);
      const held = this.#exports.get(recorded);
      if (held === undefined) this.#exports.set(recorded, [own]);
      else held.push(own);
    }
  }

  /** The peer's id for one of its recorded imports. */
  ownImport(recorded: number): number {
    return this.#ownImports.get(recorded) ?? recorded;
  }

  /** The head of a message that the peer is expected to send, with the peer's ids. */
  expected(message: readonly unknown[]): readonly unknown[] {
    const [tag, id, ...rest] = message;
    if (typeof id !== "number") return message;
    if (tag === "pull" && id > 0) return [tag, this.ownImport(id), ...rest];
    if ((tag === "resolve" || tag === "reject") && id < 0) {
      return [tag, this.#ownExport(id), ...rest];
    }
    return message;
  }

  /**
   * A message of the peer with the recorded ids, except for those of exports that it introduces.
   */
  fromPeer(message: readonly unknown[]): readonly unknown[] {
    if (this.#isSameForImports() || message.length < 2) return message;
    const changes = {
      target: (id: number) => this.#imports.get(id) ?? { id, path: [] },
      pipe: (id: number) => this.#imports.get(id)?.id ?? id,
    };
    const [tag, id, ...rest] = message;
    const head = tag === "pull" && typeof id === "number" ? changes.pipe(id) : id;
    if (tag === "push" || tag === "stream") return [tag, withIds(id, changes), ...rest];
    return [tag, head, ...rest.map((each) => withIds(each, changes))];
  }

  /** Messages that tell the peer, with its own ids, the content of a recorded message of ours. */
  toPeer(text: string): string[] {
    const message = parseMessage(text);
    const held = [...this.#exports].every(([id, own]) => own.every((each) => each === id));
    const isSame = held && [...this.#names].every(([id, own]) => id === own);
    if (message[0] !== "release") {
      return [isSame && this.#isSameForImports() ? text : JSON.stringify(this.#toPeer(message))];
    }
    const [, id, count] = message as [string, number, number];
    const released = this.#exports.get(id)?.splice(0, count);
    if (isSame || released === undefined) return [text];
    const counts = new Map<number, number>();
    for (const own of released) counts.set(own, (counts.get(own) ?? 0) + 1);
    // A recording may release more than there is.
    const excess = count - released.length;
    const last = this.#ownExport(id);
    if (excess > 0) counts.set(last, (counts.get(last) ?? 0) + excess);
    return [...counts].map(([own, each]) => JSON.stringify(["release", own, each]));
  }

  #ownExport(recorded: number): number {
    return this.#names.get(recorded) ?? recorded;
  }

  #toPeer([tag, id, ...rest]: readonly unknown[]): unknown[] {
    const own = (each: number) => this.#ownExport(each);
    const changes = {
      target: (each: number) => ({ id: own(each), path: [] }),
      pipe: (each: number) => each,
    };
    if (tag === "push" || tag === "stream") return [tag, withIds(id, changes), ...rest];
    if (typeof id !== "number") return id === undefined ? [tag] : [tag, id, ...rest];
    if (tag === "resolve" || tag === "reject") {
      const settled = id > 0 ? this.ownImport(id) : id;
      return [tag, settled, ...rest.map((each) => withIds(each, changes))];
    }
    return [tag, own(id), ...rest];
  }

  #isSameForImports(): boolean {
    return this.#introduced === this.#recorded && this.#left.size === 0;
  }
}
