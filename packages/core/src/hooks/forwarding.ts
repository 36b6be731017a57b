import type { Expression } from "@capnweb/wire";
import {
  ErrorHook,
  type PropertyPath,
  type Puller,
  type StreamedCall,
  type StubHook,
  type Unregister,
} from "../hook.ts";
import type { Payload } from "../payload/payload.ts";
import { type Shared, SharedHook } from "./shared.ts";

/** Something that is another thing once it is known what: a promise, or an import. */
export interface Resolvable extends Shared {
  /** What it turned out to be. */
  readonly resolution: StubHook | undefined;
  callLater(path: PropertyPath, args: Payload): StubHook;
  mapLater(path: PropertyPath, captures: StubHook[], instructions: Expression[]): StubHook;
  streamLater(path: PropertyPath, args: Payload): StreamedCall;
  getLater(path: PropertyPath): StubHook;
  pullLater(puller: Puller): void;
  onBrokenLater(callback: (error: unknown) => void): Unregister;
}

/** How many promises may stand for one another before it is taken that they never end. */
const LONGEST_CHAIN = 256;

/** A reference that passes everything on to what it stands for, as soon as that is known. */
export abstract class ForwardingHook<S extends Resolvable> extends SharedHook<S> {
  /**
   * Sees to it that nothing resolves to itself, which would be followed for ever. Takes over `hook`.
   *
   * @returns the hook, or a failure if it leads back to what it is to resolve
   */
  static checked(hook: StubHook, resolved: Resolvable): StubHook {
    let next: StubHook | undefined = hook;
    for (let hops = 0; next !== undefined; hops++) {
      if (hops > LONGEST_CHAIN || (next as ForwardingHook<Resolvable>).sharedIfLive === resolved) {
        hook.dispose();
        return new ErrorHook(new TypeError("A promise can't resolve to itself."));
      }
      next = next.next();
    }
    return hook;
  }

  protected override deliverCall(path: PropertyPath, args: Payload): StubHook {
    const { shared } = this;
    return shared.resolution?.callOrThrow(path, args) ?? shared.callLater(path, args);
  }

  protected override deliverMap(
    path: PropertyPath,
    captures: StubHook[],
    instructions: Expression[],
  ): StubHook {
    const { shared } = this;
    return (
      shared.resolution?.map(path, captures, instructions) ??
      shared.mapLater(path, captures, instructions)
    );
  }

  protected override deliverStream(path: PropertyPath, args: Payload): StreamedCall {
    const { shared } = this;
    return shared.resolution?.stream(path, args) ?? shared.streamLater(path, args);
  }

  override get(path: PropertyPath): StubHook {
    const { shared } = this;
    return shared.resolution?.get(path) ?? shared.getLater(path);
  }

  override peek(): Payload | undefined {
    return this.shared.resolution?.peek();
  }

  override pull(puller: Puller): void {
    const { shared } = this;
    if (shared.resolution === undefined) shared.pullLater(puller);
    else shared.resolution.pull(puller);
  }

  override onBroken(callback: (error: unknown) => void): Unregister {
    const { shared } = this;
    return shared.resolution?.onBroken(callback) ?? shared.onBrokenLater(callback);
  }

  override next(): StubHook | undefined {
    return this.sharedIfLive?.resolution;
  }

  override settled(): StubHook {
    return this.sharedIfLive?.resolution?.settled() ?? this;
  }
}
