import type { BrokenListener, ListenerPlace } from "../broken-listener.ts";
import { DisposedError } from "../errors.ts";
import { type ErrorHook, StubHook } from "./hook.ts";

/** The part that all references to one thing share. `drop` runs when the last of them goes. */
export abstract class Shared {
  count = 1;

  /**
   * @param failure the failure that ended the last reference, unless it was just no longer needed
   */
  abstract drop(failure?: ErrorHook): void;
}

/** The number of things that are going, each because of the one before. */
let nesting = 0;
const waiting: { readonly shared: Shared; readonly failure: ErrorHook | undefined }[] = [];

function drop(shared: Shared, failure: ErrorHook | undefined): void {
  // The nesting from which things wait until earlier ones have gone. A peer may have 100,000 hold
  // one another.
  const DEEPEST_NESTING = 64;
  if (nesting >= DEEPEST_NESTING) {
    waiting.push({ shared, failure });
    return;
  }
  nesting++;
  try {
    shared.drop(failure);
  } finally {
    nesting--;
  }
  if (nesting === 0 && waiting.length > 0) dropWaiting();
}

function dropWaiting(): void {
  for (let next = waiting.pop(); next; next = waiting.pop()) drop(next.shared, next.failure);
}

/**
 * A counted reference. Each hook object is one reference, so disposing of one twice, or using it
 * afterwards, can't harm the others.
 */
export abstract class SharedHook<S extends Shared> extends StubHook implements ListenerPlace {
  private part: S | undefined;
  /**
   * The listeners registered on this reference, which are dropped when it is given up. Few have
   * any.
   */
  declare listeners: Set<BrokenListener> | undefined;

  constructor(shared: S) {
    super();
    this.part = shared;
  }

  /** @throws DisposedError after this reference was given up */
  protected get shared(): S {
    if (!this.part) {
      throw new DisposedError(
        "Attempted to use an RPC StubHook after it was disposed. Stubs end with the " +
          "arguments or result that hold them: keep a dup().",
      );
    }
    return this.part;
  }

  /** The shared part, or `undefined` after this reference was given up. */
  get live(): S | undefined {
    return this.part;
  }

  override describe(): string {
    return this.part ? this.describeShared(this.part) : "disposed";
  }

  /** Describes the shared part, as {@link describe} does. */
  protected describeShared(_shared: S): string {
    return "pending";
  }

  /** Makes a reference to a thing, which counts it already. */
  abstract another(shared: S): StubHook;

  override dup(): StubHook {
    const shared = this.shared;
    shared.count++;
    return this.another(shared);
  }

  override dispose(failure?: ErrorHook): void {
    const shared = this.part;
    if (!shared) return;
    this.part = undefined;
    if (this.listeners) {
      for (const listener of [...this.listeners]) listener.stop();
    }
    if (--shared.count === 0) drop(shared, failure);
  }
}
