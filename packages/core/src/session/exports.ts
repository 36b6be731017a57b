import { ProtocolError } from "@capnweb/wire";
import type { StubHook } from "../hook.ts";
import { IdTable } from "./id-table.ts";

/** Something that the peer has references to. */
export class ExportEntry {
  readonly hook: StubHook;
  /** How often the id was introduced and not yet released. */
  references = 1;
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
  readonly #entries = new IdTable<ExportEntry>();
  #nextPeerId = 1;
  #nextId = -1;

  constructor(main: StubHook) {
    this.#entries.add(0, new ExportEntry(main));
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
    this.#entries.add(id, new ExportEntry(hook));
  }

  get(id: number): ExportEntry | undefined {
    return this.#entries.get(id);
  }

  /** @throws ProtocolError for an unknown id, or more references than there are */
  release(id: number, references: number): void {
    const entry = this.#entries.get(id);
    if (!entry) throw new ProtocolError(`no such export ID: ${id}`);
    if (references > entry.references) {
      throw new ProtocolError(`refcount would go negative: ${entry.references} < ${references}`);
    }
    entry.references -= references;
    if (entry.references === 0) this.remove(id);
  }

  /** Ends an export, however many references the peer has. */
  remove(id: number): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    this.#entries.remove(id);
    dispose(entry, undefined);
  }

  /** Ends every export because of `reason`. */
  clear(reason: unknown): void {
    for (const entry of this.#entries.clear()) dispose(entry, reason);
  }
}

function dispose({ hook, readable }: ExportEntry, reason: unknown): void {
  hook.dispose(reason);
  // A pipe whose reading end nobody claimed.
  readable?.cancel(reason).catch(() => {});
}
