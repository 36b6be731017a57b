import type { EncodeContext, Expression } from "@capnweb/wire";
import type { BrokenListener, ListenerPlace } from "../broken-listener.ts";
import type { Budget, HoldsBytes } from "../budget.ts";
import { servingOf } from "../local/serving.ts";
import type { ErrorHook, PropertyPath, Puller, StreamedCall, StubHook } from "../model/hook.ts";
import { Payload } from "../model/payload.ts";
import type { Runtime } from "../model/runtime.ts";
import { Shared } from "../model/shared-hook.ts";
import { checkResolution, ForwardingHook, type Resolvable } from "../promise/forwarding-hook.ts";
import type { Interruptible } from "./lifetime.ts";

/**
 * The receiver of calls on an import: its resolution, or until then the part that keeps or sends
 * them.
 */
export type Callee = Pick<StubHook, "deliverCall" | "deliverMap" | "deliverStream" | "get">;

/** The safety net for stubs that the application may forget. */
export interface StubNet {
  /** Releases the stub of `entry`, which the application has as `hook`, if it is forgotten. */
  watch(hook: ImportHook, entry: ImportEntry): void;
}

/** A session, as its imports see it. */
export interface Importer {
  readonly runtime: Runtime;
  readonly errorProperties: EncodeContext["errorProperties"];
  call(id: number, path: PropertyPath, args: Payload): StubHook;
  map(
    id: number,
    path: PropertyPath,
    captures: StubHook[],
    instructions: Expression[],
    account: Budget | undefined,
  ): StubHook;
  stream(id: number, path: PropertyPath, args: Payload): StreamedCall;
  get(id: number, path: PropertyPath, account: Budget | undefined): StubHook;
  /** Sends a call that every session answers. */
  probe(): StubHook;
  pull(entry: ImportEntry): void;
  release(entry: ImportEntry): void;
  readonly net: StubNet | undefined;
  /** Says what an import is, and releases it. Takes over `hook`. */
  settle(entry: ImportEntry, hook: StubHook): void;
  /** Calls `listener` when the session ends. */
  onBroken(listener: BrokenListener): void;
  /** Notes that `listener` now waits for something other than the session's end. */
  forgetBroken(listener: BrokenListener): void;
}

/** Bytes that are held for a peer. */
interface Holding {
  readonly held: HoldsBytes;
  readonly bytes: number;
}

/**
 * One of the peer's exports, as the importing session sees it: a capability, or a pipe's writing
 * end, but not a result. Has only the fields that stubs need, because a program may hold many.
 */
export class ImportEntry extends Shared implements ListenerPlace, Resolvable, Interruptible {
  readonly session: Importer;
  readonly id: number;
  /** Introductions of the id after the first. Rarely needed, so that few entries have the field. */
  reintroduced?: number;
  /**
   * The hook that the import turned out to be, once the peer has said so or the session is over. A
   * field only from then on.
   */
  declare resolution: StubHook | undefined;
  /** The bytes that the resolution holds for the peer. A field only if it holds any. */
  declare holding: Holding | undefined;
  /** The listeners that are called when the import can't work any more. Few imports have any. */
  declare listeners: Set<BrokenListener> | undefined;

  constructor(session: Importer, id: number) {
    super();
    this.session = session;
    this.id = id;
  }

  /** The number of introductions of the id, which a release has to repeat. */
  get introduced(): number {
    return 1 + (this.reintroduced ?? 0);
  }

  /** True if it is a capability, which is there and stands for nothing else. */
  get isStub(): boolean {
    return true;
  }

  /** True if the peer was asked, or has promised, to say what the import turns out to be. */
  get isAwaited(): boolean {
    return false;
  }

  /** Neither, because a capability does nothing by itself. */
  get isCall(): boolean | undefined {
    return undefined;
  }

  /** True if the peer may say what the import turns out to be. */
  get isResolvable(): boolean {
    return false;
  }

  /**
   * Makes the import addressable by id, unless its call has already left as `stream`.
   *
   * @returns whether it is addressable
   */
  refer(): boolean {
    return true;
  }

  /** The receiver of a call that is made now. */
  callee(): Callee {
    return this.resolution ?? this;
  }

  // Requests of another session's peer have to pass that session's interceptors.

  deliverCall(path: PropertyPath, args: Payload): StubHook {
    const serving = servingOf(args.budget);
    if (serving) return serving.forwardCall(this, path, args);
    return this.session.call(this.id, path, args);
  }

  deliverMap(
    path: PropertyPath,
    captures: StubHook[],
    instructions: Expression[],
    budget?: Budget,
  ): StubHook {
    const serving = servingOf(budget);
    if (serving) return serving.forwardMap(this, path, captures, instructions, budget!);
    return this.session.map(this.id, path, captures, instructions, budget);
  }

  deliverStream(path: PropertyPath, args: Payload): StreamedCall {
    return this.session.stream(this.id, path, args);
  }

  get(path: PropertyPath, budget?: Budget): StubHook {
    const serving = path.length > 0 && servingOf(budget);
    if (serving) return serving.forwardGet(this, path, budget!);
    return this.session.get(this.id, path, budget);
  }

  /** Does nothing, because a capability's hook itself says what it is. */
  pull(_puller: Puller): void {}

  onBroken(listener: BrokenListener): void {
    // Waits for the session's end, until something else is known to wait for.
    this.session.onBroken(listener);
    listener.waitAt(this);
  }

  /** Makes the listeners wait for the end of the hook that the import turned out to be. */
  protected moveListeners(hook: StubHook): void {
    const { listeners } = this;
    if (!listeners) return;
    this.listeners = undefined;
    for (const listener of listeners) {
      this.session.forgetBroken(listener);
      hook.onBroken(listener);
    }
  }

  /** Takes over `outcome`, the hook that the import turned out to be, which may be a failure. */
  settle(outcome: StubHook): void {
    const hook = checkResolution(outcome, this);
    this.resolution = hook;
    this.moveListeners(hook);
    if (this.count === 0) hook.dispose();
  }

  /** True if the session releases it if the application forgets it. */
  get isForgettable(): boolean {
    // The end of the main object is the end of the session.
    return this.id !== 0;
  }

  /**
   * Counts the bytes of the resolution for as long as something refers to it.
   *
   * @throws LimitError for more bytes than may be held; the session is then over
   */
  hold(held: HoldsBytes, bytes: number): void {
    if (this.count === 0) return;
    held.add(bytes);
    this.holding = { held, bytes };
  }

  override drop(failure?: ErrorHook): void {
    const { holding } = this;
    if (holding) {
      this.holding = undefined;
      holding.held.remove(holding.bytes);
    }
    if (this.resolution) this.resolution.dispose(failure);
    else this.session.release(this);
  }
}

/** A reference to one of the peer's exports. */
export class ImportHook extends ForwardingHook<ImportEntry> {
  override another(entry: ImportEntry): StubHook {
    return new ImportHook(entry);
  }

  override deliverCall(path: PropertyPath, args: Payload): StubHook {
    return this.shared.callee().deliverCall(path, args);
  }

  override deliverMap(
    path: PropertyPath,
    captures: StubHook[],
    instructions: Expression[],
    budget?: Budget,
  ): StubHook {
    return this.shared.callee().deliverMap(path, captures, instructions, budget);
  }

  override deliverStream(path: PropertyPath, args: Payload): StreamedCall {
    return this.shared.callee().deliverStream(path, args);
  }

  override handedOver(): void {
    const entry = this.live;
    if (!entry?.isStub || entry.resolution || !entry.isForgettable) return;
    entry.session.net?.watch(this, entry);
  }

  protected override describeShared(entry: ImportEntry): string {
    if (entry.resolution) return entry.resolution.describe();
    return `session import ${entry.id}`;
  }

  override get(path: PropertyPath, budget?: Budget): StubHook {
    const entry = this.live;
    // A capability is known to be just that, so there is no need to ask.
    const isKnown = path.length === 0 && entry?.isStub && !entry.resolution;
    return isKnown ? this.dup() : this.shared.callee().get(path, budget);
  }

  override get errorProperties(): EncodeContext["errorProperties"] {
    return this.live?.session.errorProperties;
  }

  override idFor(session: object): number | undefined {
    const entry = this.shared;
    if (entry.session !== session || entry.resolution) return undefined;
    return entry.refer() ? entry.id : undefined;
  }

  override peek(): Payload | undefined {
    const entry = this.shared;
    if (!entry.isStub || entry.resolution) return super.peek();
    const { runtime } = entry.session;
    // The stub shares this reference, so disposing of either disposes of both.
    return Payload.owned(runtime, runtime.makeStub(this));
  }

  override pull(puller: Puller): void {
    const payload = this.peek();
    if (!payload) super.pull(puller);
    else puller.resolve(payload);
  }
}
