import { ProtocolError } from "@capnweb/wire";
import { IMPORT_BYTES } from "../call-context/counts.ts";
import { endOver } from "../call-context/end-over.ts";
import type { StubHook } from "../model/hook.ts";
import { IdTable, type Page } from "./id-table.ts";
import { ImportEntry, type Importer, ImportHook } from "./import-entry.ts";
import { ResultEntry, type ResultKind } from "./result-entry.ts";
import type { Losses } from "./safety-net.ts";
import { StreamEntry } from "./stream-entry.ts";
import type { TableOwner } from "./table-owner.ts";
import type { WeakSlot } from "./weak-slot.ts";

/** A session's imports, by id. This side chooses positive ids, the peer negative ones. */
export class ImportTable {
  readonly #importer: Importer;
  readonly #owner: TableOwner;
  /** The number of imports that the peer introduced. */
  #introduced = 0;
  #size = 0;
  #isOver = false;
  readonly #entries = new IdTable<ImportEntry | WeakSlot>();
  #nextId = 1;

  constructor(importer: Importer, owner: TableOwner) {
    this.#importer = importer;
    this.#owner = owner;
    this.#enter(new ImportEntry(importer, 0));
  }

  get size(): number {
    return this.#size;
  }

  get(id: number): ImportEntry | undefined {
    const slot = this.#entries.get(id);
    return slot instanceof ImportEntry ? slot : slot?.deref();
  }

  /** The id of the next call. */
  get nextId(): number {
    return this.#nextId;
  }

  // The next ids of our own. The message that introduces an id must be the next one to be sent.

  addResult(kind: ResultKind, losses?: Losses): ResultEntry {
    return this.#enter(new ResultEntry(this.#importer, this.#nextId++, kind, losses));
  }

  addStream(): StreamEntry {
    return this.#enter(new StreamEntry(this.#importer, this.#nextId++));
  }

  #enter<E extends ImportEntry>(entry: E): E {
    if (this.#isOver) return entry;
    this.#entries.add(entry.id, entry);
    this.#size++;
    return entry;
  }

  /**
   * Makes a reference to the object that the peer introduced by `id`, for the first time or again.
   *
   * @throws ProtocolError for an id that the peer can't have chosen
   * @throws LimitError for more imports than allowed; the session is then over
   */
  introduce(id: number, kind: "stub" | "stream" | "promise"): StubHook {
    const slot = this.#entries.get(id);
    const known = slot instanceof ImportEntry ? slot : slot && this.#reach(id, slot);
    // A promise has a new id each time. Otherwise it could be made to resolve to itself.
    if (known?.isStub && kind !== "promise" && id < 0) {
      known.reintroduced = known.introduced;
      if (slot !== known) (slot as WeakSlot).reintroduced = known.reintroduced;
      known.count++;
      return new ImportHook(known);
    }
    if (known || id >= 0 || !Number.isSafeInteger(id)) {
      throw new ProtocolError(`bad export ID: ${id}`);
    }
    this.#count();
    return new ImportHook(this.#enter(this.#entryFor(id, kind)));
  }

  /** The entry in a place. If it was collected, an entry in its place, without references. */
  #reach(id: number, slot: WeakSlot): ImportEntry {
    return slot.deref() ?? this.#revive(id, slot);
  }

  #revive(id: number, { reintroduced }: WeakSlot): ImportEntry {
    const entry = new ImportEntry(this.#importer, id);
    entry.count = 0;
    if (reintroduced !== undefined) entry.reintroduced = reintroduced;
    this.#entries.replace(id, entry);
    return entry;
  }

  /**
   * Lets a stub be collected although it is in the table, from now on.
   *
   * @param made the stack of the call that gave the stub, if it is kept
   */
  weaken(entry: ImportEntry, made: string | undefined): void {
    if (this.#entries.get(entry.id) !== entry) return;
    const slot: WeakSlot = new WeakRef(entry);
    if (entry.reintroduced !== undefined) slot.reintroduced = entry.reintroduced;
    if (made !== undefined) slot.made = made;
    this.#entries.replace(entry.id, slot);
  }

  /** The places of all imports but the main object. */
  pages(): readonly Page<ImportEntry | WeakSlot>[] {
    return this.#entries.pages();
  }

  /**
   * Looks for stubs that were collected.
   *
   * @param lost receives an entry in the place of each, without references, to be released
   * @returns whether other stubs may be collected
   */
  findLost(
    { first, entries }: Page<ImportEntry | WeakSlot>,
    lost: (entry: ImportEntry, made: string | undefined) => void,
  ): boolean {
    let isAnyLeft = false;
    for (let i = 0; i < entries.length; i++) {
      const slot = entries[i];
      if (slot === undefined || slot instanceof ImportEntry) continue;
      if (slot.deref()) isAnyLeft = true;
      // Else it was released, and the page is one that no longer changes.
      else if (this.#entries.get(first + i) === slot)
        lost(this.#revive(first + i, slot), slot.made);
    }
    return isAnyLeft;
  }

  #entryFor(id: number, kind: "stub" | "stream" | "promise"): ImportEntry {
    if (kind === "stub") return new ImportEntry(this.#importer, id);
    if (kind === "stream") return new StreamEntry(this.#importer, id);
    return new ResultEntry(this.#importer, id, kind);
  }

  /**
   * Forgets an entry.
   *
   * @returns false if it was forgotten before
   */
  remove(entry: ImportEntry): boolean {
    if (this.get(entry.id) !== entry) return false;
    this.#entries.remove(entry.id);
    this.#size--;
    if (entry.id < 0) {
      this.#introduced--;
      this.#owner.held.remove(IMPORT_BYTES);
    }
    return true;
  }

  #count(): void {
    const { limits, held } = this.#owner;
    held.add(IMPORT_BYTES);
    if (++this.#introduced > limits.maxImports) endOver(this.#owner, "maxImports");
  }

  /** All entries. */
  values(): ImportEntry[] {
    return reached(this.#entries.values());
  }

  /** Forgets and returns all entries. */
  clear(): ImportEntry[] {
    this.#isOver = true;
    this.#size = 0;
    return reached(this.#entries.clear());
  }
}

/** The entries in places, without those that were collected. */
function reached(slots: readonly (ImportEntry | WeakSlot)[]): ImportEntry[] {
  const entries: ImportEntry[] = [];
  for (const slot of slots) {
    const entry = slot instanceof ImportEntry ? slot : slot.deref();
    if (entry) entries.push(entry);
  }
  return entries;
}
