import { afterAwaits } from "../after-awaits.ts";
import type { StubHook } from "../model/hook.ts";
import type { Transport } from "../transport.ts";
import { afterInput, isShared } from "../turns/turns.ts";
import { warnOfForgotten } from "./forgotten-warning.ts";
import type { Page } from "./id-table.ts";
import type { ImportEntry } from "./import-entry.ts";
import type { RpcSessionOptions } from "./options.ts";
import type { WeakSlot } from "./weak-slot.ts";

type ImportPage = Page<ImportEntry | WeakSlot>;

/** A session's imports by id, without those that were released meanwhile. */
export interface Imports {
  get(id: number): ImportEntry | undefined;
  weaken(entry: ImportEntry, made: string | undefined): void;
  pages(): readonly ImportPage[];
  findLost(page: ImportPage, lost: (entry: ImportEntry, made: string | undefined) => void): boolean;
}

/** The ids of results that can't be disposed of once their batch is unreachable. */
export class Losses {
  readonly ids: number[] = [];
  isWatched = false;
}

/**
 * Stands for the results of several calls. Only their hooks refer to it, so its collection means
 * that all of them are unreachable. This costs the watching of one object.
 */
export interface Batch {
  readonly losses: Losses;
}

/** A call that was made, as the safety net knows it. */
export interface Call {
  readonly id: number;
  readonly isAwaited: boolean;
  readonly losses: Losses | undefined;
}

/** Tells that a garbage collection has taken place. */
const COLLECTED = Symbol();

/** The value that the registry holds for a watched object. */
type Held = Losses | typeof COLLECTED;

/**
 * Releases the imports of a session that the program can't reach any more, and so can't dispose of.
 *
 * - A stub that was handed to the application is in the session's table by a `WeakRef`. After each
 *   garbage collection, the net looks for stubs that are gone. A registration of each with the
 *   registry would take three times the memory.
 * - The result of a call is watched only if the call has left without being awaited, because
 *   awaited results are released when they arrive. Such results are watched in batches.
 *
 * The registry is the session's own, so that an abandoned session can be collected together with
 * it.
 */
export class SafetyNet {
  readonly #imports: Imports;
  #lazyRegistry: FinalizationRegistry<Held> | undefined;
  /** The stacks of the calls that gave stubs. Kept only if asked for. */
  readonly #made: WeakMap<object, string> | undefined;
  #batch: Batch | undefined;
  #batched = 0;
  #isCollectionAwaited = false;
  /** True if stubs are watched. */
  #hasStubs = false;
  /** Calls of this turn that have already left. */
  #sent: Call[] | undefined;
  /**
   * Losses that wait until the session is at work. Needed only if its medium can't be used
   * otherwise.
   */
  #waiting: Held[] | undefined;

  /** @param traces whether to keep the stacks of calls */
  constructor(imports: Imports, traces: boolean) {
    this.#imports = imports;
    if (traces) this.#made = new WeakMap();
  }

  /** Made when first needed. In many sessions, all calls that leave are awaited. */
  get #registry(): FinalizationRegistry<Held> {
    this.#lazyRegistry ??= new FinalizationRegistry((lost) => {
      if (isShared) this.#lose(lost);
      else {
        this.#waiting ??= [];
        this.#waiting.push(lost);
      }
    });
    return this.#lazyRegistry;
  }

  /** The batch for the hook of a call that is being made. */
  batchForCall(): Batch {
    // Most calls in a batch. One of their results that is still in use keeps all of them.
    const BATCH_SIZE = 32;
    const batch = this.#batch;
    return batch && ++this.#batched < BATCH_SIZE ? batch : this.#nextBatch();
  }

  #nextBatch(): Batch {
    // It may contain calls that haven't left yet.
    if (this.#batch) this.#watchBatch(this.#batch);
    this.#batched = 0;
    this.#batch = { losses: new Losses() };
    return this.#batch;
  }

  /**
   * Notes that a call has left before it is known whether it will be awaited. The end of the turn
   * tells.
   */
  leftAtOnce(call: Call): void {
    if (this.#sent) {
      this.#sent.push(call);
      return;
    }
    const sent = [call];
    this.#sent = sent;
    afterAwaits(() => {
      this.#sent = undefined;
      for (const each of sent) {
        if (!each.isAwaited) this.leftUnawaited(each);
      }
      this.allLeft();
    });
  }

  /**
   * Notes that a call has left that isn't awaited. Its batch is the current one, or already
   * watched.
   */
  leftUnawaited({ id, losses }: Call): void {
    if (!losses) return;
    losses.ids.push(id);
    if (!losses.isWatched && this.#batch?.losses === losses) this.#watchBatch(this.#batch);
  }

  /**
   * Notes that all calls have left. While all calls of a batch are awaited, it goes on, unwatched.
   */
  allLeft(): void {
    if (this.#batch?.losses.isWatched === false) this.#batched = 0;
  }

  #watchBatch(batch: Batch): void {
    if (batch.losses.isWatched) return;
    batch.losses.isWatched = true;
    this.#registry.register(batch, batch.losses);
    // The current batch can't be collected yet. After the next collection, a batch that can be
    // takes its place.
    this.#awaitCollection();
  }

  #awaitCollection(): void {
    if (this.#isCollectionAwaited) return;
    this.#isCollectionAwaited = true;
    this.#registry.register({}, COLLECTED);
  }

  /** Watches a stub from now on. */
  watch(hook: StubHook, entry: ImportEntry): void {
    const made = this.#made && (this.#made.get(hook) ?? new Error().stack);
    this.#imports.weaken(entry, made);
    this.#hasStubs = true;
    this.#awaitCollection();
  }

  /** Looks for stubs that are gone. Each turn looks at a thousand, because looking isn't free. */
  #sweep(pages = this.#imports.pages(), start = 0): void {
    const PAGES_IN_TURN = 32;
    const end = isShared ? start + PAGES_IN_TURN : pages.length;
    for (const page of pages.slice(start, end)) {
      if (this.#imports.findLost(page, release)) this.#hasStubs = true;
    }
    if (end < pages.length) afterInput(() => this.#sweep(pages, end));
    else if (this.#hasStubs) this.#awaitCollection();
  }

  /** True if the stacks of calls are to be kept. */
  get traces(): boolean {
    return this.#made !== undefined;
  }

  /** The stack of a call that is being made, if stacks are kept. */
  get callStack(): string | undefined {
    return this.#made && new Error().stack;
  }

  /** Keeps the stack of the call that gave `references`, if there is one. */
  gave(references: readonly object[], made: string | undefined): void {
    if (!made) return;
    for (const reference of references) this.#made?.set(reference, made);
  }

  /** Releases the losses that wait for the session to be at work. */
  catchUp(): void {
    const waiting = this.#waiting;
    if (!waiting) return;
    this.#waiting = undefined;
    for (const lost of waiting) this.#lose(lost);
  }

  #lose(lost: Held): void {
    if (lost === COLLECTED) {
      this.#isCollectionAwaited = false;
      if (this.#batch?.losses.isWatched) this.#batch = undefined;
      if (!this.#hasStubs) return;
      this.#hasStubs = false;
      this.#sweep();
    } else for (const id of lost.ids) this.#loseResult(id);
  }

  #loseResult(id: number): void {
    const entry = this.#imports.get(id);
    // An awaited result is released when it arrives.
    if (!entry || entry.isAwaited) return;
    entry.count = 0;
    entry.drop();
  }
}

function release(entry: ImportEntry, made: string | undefined): void {
  warnOfForgotten(made);
  entry.drop();
}

/** The safety net of a session, unless the runtime can't have one, or nothing would need it. */
export function safetyNetFor(
  imports: Imports,
  { announces }: Transport,
  option: RpcSessionOptions["releaseForgotten"] = true,
): SafetyNet | undefined {
  // A transport for one exchange releases everything soon.
  if (!option || announces === false || typeof FinalizationRegistry !== "function")
    return undefined;
  return new SafetyNet(imports, option === "trace");
}
