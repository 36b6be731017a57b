import { ProtocolError } from "@capnweb/wire";
import { isByReference } from "@capnweb/wire/internal";
import type { Budget } from "../budget.ts";
import {
  EXPORT_BYTES,
  LEAST_WEIGHED_RESULT,
  PENDING_RESULT_BYTES,
  PIPE_BYTES,
} from "../call-context/counts.ts";
import { endOver } from "../call-context/end-over.ts";
import { breaks } from "../local/breaks.ts";
import type { ErrorHook, StubHook } from "../model/hook.ts";
import { PipeHook } from "../model/pipe-hook.ts";
import type { Shared, SharedHook } from "../model/shared-hook.ts";
import { handleUnread } from "../model/unread-promises.ts";
import { Deferred, Watch } from "../promise/deferred.ts";
import { PromiseHook } from "../promise/promise-hook.ts";
import type { Answer } from "./answer.ts";
import { IdTable, type Page } from "./id-table.ts";
import type { TableOwner } from "./table-owner.ts";
import type { ResultTable, Unread } from "./unread-results.ts";

/** Facts about an export besides its hook. Most exports are just held, and need none. */
export class ExportEntry {
  hook: StubHook;
  /** True if the peer has been told its resolution, or is being told. */
  pulled = false;
  /** The answer that tells the peer its resolution, if that isn't known yet. */
  answer: Answer | undefined = undefined;
  /** Bytes held because of the export, besides the flat amount. */
  size = 0;

  constructor(hook: StubHook) {
    this.hook = hook;
  }
}

/** Tells a table that a result is there. */
class ResultWatch extends Watch {
  readonly #exports: ExportTable;
  readonly #id: number;
  readonly #budget: Budget;

  constructor(exports: ExportTable, id: number, budget: Budget) {
    super();
    this.#exports = exports;
    this.#id = id;
    this.#budget = budget;
  }

  protected override came(hook: StubHook): void {
    this.#exports.came(this.#id, hook, this.#budget);
  }
}

/** A session's exports, by id. This side chooses negative ids, the peer positive ones. */
export class ExportTable implements ResultTable {
  readonly #entries = new IdTable<StubHook | ExportEntry>();
  readonly #owner: TableOwner;
  #nextPeerId = 1;
  #nextId = -1;
  #size = 1;
  #pipes = 0;
  /** Pipes that the peer has released, but whose writing ends are still referred to. */
  #released: Set<PipeHook> | undefined;
  /** Set once the session is over. */
  #failure: ErrorHook | undefined;
  /** Results that the peer hasn't asked for yet. Many sessions never have any. */
  #unread: Unread | undefined;

  constructor(main: StubHook, owner: TableOwner) {
    this.#owner = owner;
    this.#report(main);
    this.#entries.add(0, main);
  }

  /**
   * Makes the disposer of a target report to this session, whichever value holds the target's hook.
   */
  #report(hook: StubHook): void {
    const { onError } = this.#owner;
    if (onError) hook.reportTo(onError);
  }

  get size(): number {
    return this.#size;
  }

  /** Exports `hook` under the next id of our own, and takes it over. */
  add(hook: StubHook): number {
    const id = this.#nextId--;
    this.enter(id, hook);
    return id;
  }

  /**
   * Exports `hook` under the id that the peer's message implies, and takes it over.
   *
   * @param budget the message's budget, whose bytes the export may hold
   */
  addForPeer(hook: StubHook, budget: Budget): number {
    const id = this.reserve();
    const isPending = hook instanceof PromiseHook && hook.next() === undefined;
    this.enter(id, hook, budget.size + budget.made + (isPending ? PENDING_RESULT_BYTES : 0));
    if (isPending) hook.whileHeld(new ResultWatch(this, id, budget));
    else this.came(id, hook.settled(), budget);
    return id;
  }

  /** Notes that the result exported as `id` is there. */
  came(id: number, { payload }: StubHook, budget: Budget): void {
    // Targets and stubs aren't held for the peer alone, and the flat amount covers small values.
    if (!payload || !hasSize(payload.value)) return;
    this.#unread ??= this.#owner.held.unread(this);
    this.#unread.came(id, payload, budget);
  }

  /** True if the peer may still ask for an export. */
  isUnread(id: number): boolean {
    const known = this.#entries.get(id);
    return known !== undefined && !(known instanceof ExportEntry && known.pulled);
  }

  /**
   * Enters a pipe's writing end under the id that the peer's message implies.
   *
   * @param pipe the pipe, or a failure, which costs no more than other exports
   */
  addPipe(pipe: StubHook): number {
    const isPipe = pipe instanceof PipeHook;
    if (isPipe && ++this.#pipes > this.#owner.limits.maxPipes) endOver(this.#owner, "maxPipes");
    const id = this.reserve();
    this.enter(id, pipe);
    if (isPipe) this.hold(id, PIPE_BYTES);
    return id;
  }

  /** The id that the peer's message implies. */
  reserve(): number {
    return this.#nextPeerId++;
  }

  /** Exports `hook` under an id that was reserved, and takes it over. */
  enter(id: number, hook: StubHook, size = 0): void {
    this.#report(hook);
    // A message that exceeded a limit may still have made a result.
    if (this.#failure) {
      hook.dispose(this.#failure);
      return;
    }
    this.#entries.add(id, hook);
    breaks?.exported(this.#owner, id, hook);
    const { limits, held } = this.#owner;
    held.add(EXPORT_BYTES);
    if (++this.#size > limits.maxExports) endOver(this.#owner, "maxExports");
    this.hold(id, size);
  }

  /** Notes the bytes that an export holds, if they are more than known before. */
  hold(id: number, size: number): void {
    if (size < LEAST_WEIGHED_RESULT) return;
    const entry = this.entry(id);
    if (!entry || entry.size >= size) return;
    const more = size - entry.size;
    entry.size = size;
    this.#owner.held.add(more);
  }

  /** The places of all exports but the main object. */
  pages(): readonly Page<unknown>[] {
    return this.#entries.pages();
  }

  get(id: number): StubHook | undefined {
    return hookOf(this.#entries.get(id));
  }

  /** The entry of an export. Makes one if there is none. */
  entry(id: number): ExportEntry | undefined {
    const known = this.#entries.get(id);
    if (!known || known instanceof ExportEntry) return known;
    const entry = new ExportEntry(known);
    this.#entries.replace(id, entry);
    return entry;
  }

  /**
   * Ends an export. Each was introduced once, because an object that is sent again gets another id.
   *
   * @throws ProtocolError for an unknown id, or more references than there are
   */
  release(id: number, references: number): void {
    if (references > 1 && this.get(id)) {
      throw new ProtocolError(`refcount would go negative: 1 < ${references}`);
    }
    if (!this.remove(id)) throw new ProtocolError(`no such export ID: ${id}`);
  }

  /**
   * Ends an export.
   *
   * @returns false if there is none
   */
  remove(id: number): boolean {
    const entry = this.#entries.get(id);
    if (!entry) return false;
    this.#entries.remove(id);
    this.#size--;
    this.#owner.held.remove(EXPORT_BYTES);
    dispose(entry, undefined);
    if (entry instanceof ExportEntry) {
      const { hook, size, answer } = entry;
      const isPipe = hook instanceof PipeHook;
      this.#owner.held.remove(isPipe ? size - PIPE_BYTES : size);
      if (isPipe) this.#removePipe(hook);
      answer?.outlive(this.#owner.held);
    }
    return true;
  }

  /**
   * Removes a pipe from the count once nothing refers to its writing end. A peer may make one of
   * the pipe's chunks refer to it.
   */
  #removePipe(pipe: PipeHook): void {
    const gone = () => {
      this.#released?.delete(pipe);
      this.#pipes--;
      this.#owner.held.remove(PIPE_BYTES);
    };
    if (!pipe.isHeld) {
      gone();
      return;
    }
    this.#released ??= new Set();
    this.#released.add(pipe);
    pipe.onGone = gone;
  }

  /** Ends every export because of `failure`. */
  clear(failure: ErrorHook): void {
    this.#failure = failure;
    this.#size = 0;
    for (const pipe of [...(this.#released ?? [])]) pipe.abandon(failure);
    for (const entry of this.#entries.clear()) dispose(entry, failure);
  }
}

function hookOf(entry: StubHook | ExportEntry | undefined): StubHook | undefined {
  return entry instanceof ExportEntry ? entry.hook : entry;
}

function dispose(entry: StubHook | ExportEntry, failure: ErrorHook | undefined): void {
  const hook = hookOf(entry)!;
  leaveUnread(hook);
  hook.dispose(failure);
}

/**
 * Sees to the native promises in a result that the peer gives up while something else refers to it,
 * which may never ask for it: an application's `dup()`, for example, of a stub that the peer named
 * it by.
 */
function leaveUnread(hook: StubHook): void {
  const shared = (hook as Partial<SharedHook<Shared>>).live;
  if (!shared || shared.count < 2) return;
  if (shared instanceof Deferred) shared.watchOnce(handleUnread);
  else handleUnread(hook);
}

/**
 * True if a value may take more than the flat amount that every export counts. A target isn't held
 * for the peer alone, and looking at one takes half as long as the call that returned it.
 */
function hasSize(value: unknown): boolean {
  if (typeof value === "object") return value !== null && !isTarget(value);
  return typeof value === "string" || typeof value === "bigint";
}

function isTarget(value: object): boolean {
  try {
    return isByReference(value);
  } catch {
    // A proxy of the application. Its value fails when the peer asks for it.
    return false;
  }
}
