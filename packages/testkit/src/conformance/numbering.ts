import { type Target, withIds } from "./references.ts";

/**
 * Translates between the ids of the peer under test and those that were recorded. A peer numbers its
 * imports by counting its introductions, which may be more or fewer than in the recording, and names
 * its exports as it likes.
 */
export class Numbering {
  /** The peer's imports by its own ids: the recorded reference. */
  readonly #imports = new Map<number, Target>();
  readonly #ownImports = new Map<number, number>();
  #introduced = 0;
  #recorded = 0;
  /** The recorded imports that the peer will not make. */
  readonly #left = new Set<number>();
  /** The peer's exports that we hold, by their recorded ids. */
  readonly #exports = new Map<number, { readonly own: number; references: number }>();
  #pending: [recorded: number, own: number][] = [];

  /** Notes that the peer has introduced its next import as it was recorded. */
  introduced(): void {
    const own = ++this.#introduced;
    do this.#recorded++;
    while (this.#left.has(this.#recorded));
    this.#imports.set(own, { id: this.#recorded, path: [] });
    this.#ownImports.set(this.#recorded, own);
  }

  /** Notes that the peer has introduced a property that was sent otherwise when it was recorded. @returns its id */
  introducedProperty(property: Target): number {
    this.#imports.set(++this.#introduced, property);
    return this.#introduced;
  }

  /** Notes that the peer will not introduce some of its recorded imports. */
  leaveOut(recorded: Iterable<number>): void {
    for (const each of recorded) this.#left.add(each);
  }

  /** How many imports of the peer's were recorded up to here. */
  get recorded(): number {
    return this.#recorded;
  }

  /**
   * Whether an export of the peer's may have an id: it keeps the one that it has, and another one is
   * negative and of no export that we still hold. Counts once {@link commit} is called.
   */
  mayBe(recorded: number, own: number): boolean {
    const known = this.#ownExport(recorded);
    const isFree = () =>
      ![...this.#exports.values(), ...this.#pending.map(([, each]) => ({ own: each }))].some(
        (each) => each.own === own,
      );
    if (known === undefined ? !isFree() : known !== own) return false;
    this.#pending.push([recorded, own]);
    return true;
  }

  #ownExport(recorded: number): number | undefined {
    const pending = this.#pending.find(([each]) => each === recorded);
    return this.#exports.get(recorded)?.own ?? pending?.[1];
  }

  /** Counts, or forgets, the exports of the message that was just compared. */
  settle(isAccepted: boolean): void {
    const pending = this.#pending;
    this.#pending = [];
    if (!isAccepted) return;
    for (const [recorded, own] of pending) {
      const known = this.#exports.get(recorded);
      if (known === undefined) this.#exports.set(recorded, { own, references: 1 });
      else known.references++;
    }
  }

  /** The peer's id of a recorded import of its. */
  ownImport(recorded: number): number {
    return this.#ownImports.get(recorded) ?? recorded;
  }

  /** The head of a message that the peer is expected to send, with its own ids. */
  expected([tag, id, ...rest]: readonly unknown[]): readonly unknown[] {
    if (typeof id !== "number") return [tag, id, ...rest];
    if (tag === "pull" && id > 0) return [tag, this.ownImport(id), ...rest];
    if ((tag === "resolve" || tag === "reject") && id < 0) {
      return [tag, this.#exports.get(id)?.own ?? id, ...rest];
    }
    return [tag, id, ...rest];
  }

  /** A message of the peer's with the ids that were recorded, but for those of exports it introduces. */
  fromPeer(message: readonly unknown[]): readonly unknown[] {
    if (this.#isSameForImports()) return message;
    const changes = {
      target: (id: number) => this.#imports.get(id) ?? { id, path: [] },
      pipe: (id: number) => this.#imports.get(id)?.id ?? id,
    };
    const [tag, id, ...rest] = message;
    const head = tag === "pull" && typeof id === "number" ? changes.pipe(id) : id;
    if (tag === "push" || tag === "stream") return [tag, withIds(id, changes), ...rest];
    return [tag, head, ...rest.map((each) => withIds(each, changes))];
  }

  /** A recorded message of ours with the ids that the peer knows. */
  toPeer(text: string): string {
    const isSame = [...this.#exports].every(([recorded, { own }]) => recorded === own);
    const message = parsed(text);
    if (message === undefined) return text;
    const changed =
      isSame && this.#isSameForImports() ? text : JSON.stringify(this.#toPeer(message));
    this.#countReleases(message);
    return changed;
  }

  #toPeer([tag, id, ...rest]: readonly unknown[]): unknown[] {
    const own = (each: number) => this.#exports.get(each)?.own ?? each;
    const changes = {
      target: (each: number) => ({ id: own(each), path: [] }),
      pipe: (each: number) => each,
    };
    if (tag === "push" || tag === "stream") return [tag, withIds(id, changes), ...rest];
    if (typeof id !== "number") return [tag, id, ...rest];
    if (tag === "resolve" || tag === "reject") {
      const settled = id > 0 ? this.ownImport(id) : id;
      return [tag, settled, ...rest.map((each) => withIds(each, changes))];
    }
    return [tag, own(id), ...rest];
  }

  #countReleases([tag, id, count]: readonly unknown[]): void {
    const held = tag === "release" ? this.#exports.get(id as number) : undefined;
    if (held === undefined) return;
    held.references -= Number(count);
    if (held.references <= 0) this.#exports.delete(id as number);
  }

  #isSameForImports(): boolean {
    return this.#introduced === this.#recorded && this.#left.size === 0;
  }
}

function parsed(text: string): unknown[] | undefined {
  try {
    const message: unknown = JSON.parse(text);
    return Array.isArray(message) ? message : undefined;
  } catch {
    return undefined;
  }
}
