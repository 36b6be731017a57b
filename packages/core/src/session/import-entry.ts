import type { Expression } from "@capnweb/wire";
import { CanceledError, DisposedError } from "../errors.ts";
import type { PropertyPath, Puller, StreamedCall, StubHook, Unregister } from "../hook.ts";
import {
  type Callee,
  checkResolution,
  ForwardingHook,
  type Resolvable,
} from "../hooks/forwarding.ts";
import { Deferred } from "../hooks/promise.ts";
import { Shared } from "../hooks/shared.ts";
import { Payload } from "../payload/payload.ts";
import type { Runtime } from "../runtime.ts";

/** What an import asks of its session. */
export interface Importer {
  readonly runtime: Runtime;
  call(id: number, path: PropertyPath, args: Payload): StubHook;
  map(id: number, path: PropertyPath, captures: StubHook[], instructions: Expression[]): StubHook;
  stream(id: number, path: PropertyPath, args: Payload): StreamedCall;
  get(id: number, path: PropertyPath): StubHook;
  pull(entry: ImportEntry): void;
  release(entry: ImportEntry): void;
  onBroken(callback: (error: unknown) => void): Unregister;
}

/** How an import came to be, which says what becomes of it. */
export type ImportKind =
  /** The result of a call that has yet to leave: becomes `streamed` if all that is done is await it. */
  | "call"
  /** The result of a call: settled once pulled, and released by us. */
  | "result"
  /** The result of a call that can't be referred to: settled unasked, and released by the peer. */
  | "streamed"
  /** A promise of the peer's: settled unasked, and released by us. */
  | "promise"
  /** A capability of the peer's, or a pipe's writing end: never settled. */
  | "stub";

/** One of the peer's exports, as the session that imported it sees it. */
export class ImportEntry extends Shared implements Resolvable {
  readonly session: Importer;
  readonly id: number;
  kind: ImportKind;
  /** What the call says, while it has yet to leave. */
  held: unknown;
  /** How often the id was introduced; what a release has to give back. */
  introduced = 1;
  #resolution: StubHook | undefined;
  /** What is done with a result that can't be referred to, until it is there. */
  #later: Deferred | undefined;
  /** Who waits for the resolution; set once it was asked for. */
  #pullers: Puller[] | undefined;
  #brokenListeners: Set<(source: Pick<StubHook, "onBroken">) => void> | undefined;

  constructor(session: Importer, id: number, kind: ImportKind) {
    super();
    this.session = session;
    this.id = id;
    this.kind = kind;
  }

  /** Whether the peer was asked, or has promised, to say what the import turns out to be. */
  get isAwaited(): boolean {
    if (this.kind === "call" || this.kind === "result") return this.#pullers !== undefined;
    return this.kind !== "stub";
  }

  /** What the import turned out to be, once the peer said so. */
  get resolution(): StubHook | undefined {
    return this.#resolution;
  }

  /** Says which message the call leaves with: the shorter one, if the result was only awaited. */
  leave(): void {
    if (this.kind === "call") this.kind = this.isAwaited ? "streamed" : "result";
    this.held = undefined;
  }

  /** Has the import be one that messages can refer to, if it isn't too late for that. */
  get isReferable(): boolean {
    if (this.kind === "call") this.kind = "result";
    return this.kind !== "streamed";
  }

  get callee(): Callee {
    if (this.#resolution) return this.#resolution;
    if (this.isReferable) return this;
    this.#later ??= new Deferred();
    return this.#later;
  }

  deliverCall(path: PropertyPath, args: Payload): StubHook {
    return this.session.call(this.id, path, args);
  }

  deliverMap(path: PropertyPath, captures: StubHook[], instructions: Expression[]): StubHook {
    return this.session.map(this.id, path, captures, instructions);
  }

  deliverStream(path: PropertyPath, args: Payload): StreamedCall {
    return this.session.stream(this.id, path, args);
  }

  get(path: PropertyPath): StubHook {
    return this.session.get(this.id, path);
  }

  pull(puller: Puller): void {
    if (this.#pullers) {
      this.#pullers.push(puller);
      return;
    }
    this.#pullers = [puller];
    if (this.kind === "result" && this.held === undefined) this.session.pull(this);
  }

  /** Takes over `outcome`, which is what the import turned out to be: a failure, maybe. */
  settle(outcome: StubHook): void {
    const hook = checkResolution(outcome, this);
    if (this.#later) {
      // Only what was done with it already has a use for it.
      this.#later.count = 0;
      this.#later.settle(hook.dup());
    }
    this.#resolution = hook;
    for (const puller of this.#pullers ?? []) hook.pull(puller);
    this.#brokenListeners?.forEach((listenTo) => {
      listenTo(hook);
    });
    this.#brokenListeners = undefined;
    if (this.count === 0) hook.dispose();
  }

  onBroken(callback: (error: unknown) => void): Unregister {
    let isOver = false;
    let unregister: Unregister | undefined;
    // The session's end, until it is known that something else is to be waited for.
    const listenTo = (source: Pick<StubHook, "onBroken">) => {
      unregister?.();
      if (isOver) return;
      unregister = source.onBroken((error) => {
        if (isOver) return;
        isOver = true;
        callback(error);
      });
    };
    listenTo(this.session);
    this.#brokenListeners ??= new Set();
    this.#brokenListeners.add(listenTo);
    return () => {
      this.#brokenListeners?.delete(listenTo);
      isOver = true;
      unregister?.();
    };
  }

  override drop(reason?: unknown): void {
    if (this.#resolution) {
      this.#resolution.dispose(reason);
      return;
    }
    const pullers = this.#pullers ?? [];
    this.#pullers = [];
    for (const puller of pullers) puller.reject(new CanceledError());
    this.session.release(this);
  }
}

/** A reference to one of the peer's exports. */
export class ImportHook extends ForwardingHook<ImportEntry> {
  protected override another(entry: ImportEntry): StubHook {
    return new ImportHook(entry);
  }

  protected override disposedError(): DisposedError {
    return new DisposedError("This RpcImportHook was already disposed.");
  }

  override idFor(session: object): number | undefined {
    const entry = this.shared;
    if (entry.session !== session || entry.resolution) return undefined;
    return entry.isReferable ? entry.id : undefined;
  }

  override peek(): Payload | undefined {
    const entry = this.shared;
    if (entry.kind !== "stub" || entry.resolution) return super.peek();
    const { runtime } = entry.session;
    // The stub shares this very reference, so disposing either is disposing both.
    return Payload.owned(runtime, runtime.makeStub(this));
  }

  override pull(puller: Puller): void {
    const payload = this.peek();
    if (!payload) super.pull(puller);
    else puller.resolve(payload);
  }
}
