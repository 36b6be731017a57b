import { ProtocolError } from "@capnweb/wire";
import type { ErrorHook, StubHook } from "../hook.ts";
import { IdTable } from "./id-table.ts";

/** What there is to know of an export besides its hook. Most are just held, and have none of it. */
export class ExportEntry {
  readonly hook: StubHook;
  /** Whether the peer was, or is being, told what it resolves to. */
  pulled = false;
  /** The reading end of a pipe, until it is claimed. */
  readable: ReadableStream | undefined;

  constructor(hook: StubHook) {
    this.hook = hook;
  }
}

/** What a session exports, by id: negative ones are chosen here, positive ones by the peer. */
export class ExportTable {
  readonly #entries = new IdTable<StubHook | ExportEntry>();
  #nextPeerId = 1;
  #nextId = -1;

  constructor(main: StubHook) {
    this.#entries.add(0, main);
  }

  get size(): number {
    return this.#entries.values().length;
  }

  /** Exports `hook`, which it takes over, under the next id of our own. */
  add(hook: StubHook): number {
    const id = this.#nextId--;
    this.enter(id, hook);
    return id;
  }

  /** Exports `hook`, which it takes over, under the id that the peer's message implies. */
  addForPeer(hook: StubHook): number {
    const id = this.reserve();
    this.enter(id, hook);
    return id;
  }

  /** The id that the peer's message implies. */
  reserve(): number {
    return this.#nextPeerId++;
  }

  /** Exports `hook`, which it takes over, under an id that was reserved. */
  enter(id: number, hook: StubHook): void {
    this.#entries.add(id, hook);
  }

  get(id: number): StubHook | undefined {
    return hookOf(this.#entries.get(id));
  }

  /** The entry of an export, which from now on has one. */
  entry(id: number): ExportEntry | undefined {
    const known = this.#entries.get(id);
    if (!known || known instanceof ExportEntry) return known;
    const entry = new ExportEntry(known);
    this.#entries.replace(id, entry);
    return entry;
  }

  /**
   * Ends an export. Each was introduced once: what is sent again gets another id.
   *
   * @throws ProtocolError for an unknown id, or more references than there are
   */
  release(id: number, references: number): void {
    if (!this.get(id)) throw new ProtocolError(`no such export ID: ${id}`);
    if (references > 1) throw new ProtocolError(`refcount would go negative: 1 < ${references}`);
    this.remove(id);
  }

  /** Ends an export, if there is one. */
  remove(id: number): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    this.#entries.remove(id);
    dispose(entry, undefined);
  }

  /** Ends every export because of `failure`. */
  clear(failure: ErrorHook): void {
    for (const entry of this.#entries.clear()) dispose(entry, failure);
  }
}

function hookOf(entry: StubHook | ExportEntry | undefined): StubHook | undefined {
  return entry instanceof ExportEntry ? entry.hook : entry;
}

function dispose(entry: StubHook | ExportEntry, failure: ErrorHook | undefined): void {
  hookOf(entry)!.dispose(failure);
  // A pipe whose reading end nobody claimed.
  if (entry instanceof ExportEntry) entry.readable?.cancel(failure?.error).catch(() => {});
}
