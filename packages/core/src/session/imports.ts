import { ProtocolError } from "@capnweb/wire";
import type { StubHook } from "../hook.ts";
import { IdTable } from "./id-table.ts";
import { ImportEntry, type Importer, ImportHook } from "./import-entry.ts";
import { ResultEntry, type ResultKind } from "./result-entry.ts";

/** What a session imported, by id: positive ones are chosen here, negative ones by the peer. */
export class ImportTable {
  readonly #session: Importer;
  readonly #entries = new IdTable<ImportEntry>();
  #nextId = 1;

  constructor(session: Importer) {
    this.#session = session;
    this.#enter(new ImportEntry(session, 0));
  }

  get size(): number {
    return this.#entries.values().length;
  }

  get(id: number): ImportEntry | undefined {
    return this.#entries.get(id);
  }

  // The next ids of our own: the message that introduces one must be the next one to be sent.

  addResult(kind: ResultKind): ResultEntry {
    return this.#enter(new ResultEntry(this.#session, this.#nextId++, kind));
  }

  addStub(): ImportEntry {
    return this.#enter(new ImportEntry(this.#session, this.#nextId++));
  }

  #enter<E extends ImportEntry>(entry: E): E {
    this.#entries.add(entry.id, entry);
    return entry;
  }

  /**
   * A reference to what the peer introduced by `id`: anew, or once more.
   *
   * @throws ProtocolError for an id that the peer can't have chosen
   */
  introduce(id: number, kind: "stub" | "promise"): StubHook {
    const known = this.#entries.get(id);
    // A promise has an id of its own each time, or it could be made to resolve to itself.
    if (known?.isStub && kind === "stub" && id < 0) {
      known.reintroduced = known.introduced;
      known.count++;
      return new ImportHook(known);
    }
    if (known || id >= 0 || !Number.isSafeInteger(id)) {
      throw new ProtocolError(`bad export ID: ${id}`);
    }
    return new ImportHook(
      this.#enter(
        kind === "stub"
          ? new ImportEntry(this.#session, id)
          : new ResultEntry(this.#session, id, kind),
      ),
    );
  }

  /** Forgets an entry; false if it was forgotten before. */
  remove(entry: ImportEntry): boolean {
    if (this.#entries.get(entry.id) !== entry) return false;
    this.#entries.remove(entry.id);
    return true;
  }

  /** What the peer is expected to settle. */
  awaited(): ImportEntry[] {
    return this.#entries.values().filter((entry) => entry.isAwaited);
  }

  /** Forgets everything; gives what there was. */
  clear(): ImportEntry[] {
    return this.#entries.clear();
  }
}
