import type { Expression } from "@capnweb/wire";
import type { PropertyPath, Puller, StreamedCall, StubHook, Unregister } from "../hook.ts";
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

/** A reference that passes everything on to what it stands for, as soon as that is known. */
export abstract class ForwardingHook<S extends Resolvable> extends SharedHook<S> {
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

  override settled(): StubHook {
    return this.sharedIfLive?.resolution?.settled() ?? this;
  }
}
