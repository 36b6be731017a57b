import type { Expression } from "@capnweb/wire";
import type { PropertyPath, StreamedCall, StubHook, Unregister } from "../hook.ts";
import type { Payload } from "../payload/payload.ts";
import { Shared, SharedHook } from "./shared.ts";

/**
 * A hook that is still to come. What is done with its references meanwhile is kept in order, and
 * done once {@link Deferred.settle} says what they stand for.
 */
export class Deferred extends Shared {
  #resolution: StubHook | undefined;
  #waiting: ((hook: StubHook) => void)[] | undefined;
  #settling = false;

  /** What the references stand for, once everything done with them before has been passed on. */
  get resolution(): StubHook | undefined {
    return this.#resolution;
  }

  /** Keeps `step` for the resolution. Only before there is one. */
  wait(step: (hook: StubHook) => void): void {
    this.#waiting ??= [];
    this.#waiting.push(step);
  }

  /** Says what the references stand for. Takes over `hook`. Later calls are ignored. */
  settle(hook: StubHook): void {
    if (this.#settling) {
      hook.dispose();
      return;
    }
    this.#settling = true;
    // A step may run application code that calls on a reference again: that call queues up behind
    // those already waiting, so the resolution shows only when the queue is empty.
    const waiting = this.#waiting;
    if (waiting !== undefined) {
      for (let i = 0; i < waiting.length; i++) waiting[i]!(hook);
      this.#waiting = undefined;
    }
    if (this.references === 0) hook.dispose();
    else this.#resolution = hook;
  }

  override drop(): void {
    this.#resolution?.dispose();
  }
}

/** A reference to something still to come. */
export class PromiseHook extends SharedHook<Deferred> {
  protected override another(shared: Deferred): StubHook {
    return new PromiseHook(shared);
  }

  protected override deliverCall(path: PropertyPath, args: Payload): StubHook {
    const { shared } = this;
    if (shared.resolution !== undefined) return shared.resolution.call(path, args);
    args.own();
    return later(shared, (hook) => hook.call(path, args));
  }

  protected override deliverMap(
    path: PropertyPath,
    captures: StubHook[],
    instructions: Expression[],
  ): StubHook {
    const { shared } = this;
    if (shared.resolution !== undefined) return shared.resolution.map(path, captures, instructions);
    return later(shared, (hook) => hook.map(path, captures, instructions));
  }

  protected override deliverStream(path: PropertyPath, args: Payload): StreamedCall {
    const { shared } = this;
    if (shared.resolution !== undefined) return shared.resolution.stream(path, args);
    args.own();
    const done = new Promise<void>((resolve) => {
      shared.wait((hook) => resolve(hook.stream(path, args).done));
    });
    return { done, size: undefined };
  }

  override get(path: PropertyPath): StubHook {
    const { shared } = this;
    if (shared.resolution !== undefined) return shared.resolution.get(path);
    return later(shared, (hook) => hook.get(path));
  }

  override pull(): Payload | Promise<Payload> {
    const { shared } = this;
    if (shared.resolution !== undefined) return shared.resolution.pull();
    return new Promise((resolve) => shared.wait((hook) => resolve(hook.pull())));
  }

  override onBroken(callback: (error: unknown) => void): Unregister {
    const { shared } = this;
    if (shared.resolution !== undefined) return shared.resolution.onBroken(callback);
    let stop: Unregister | undefined;
    let stopped = false;
    shared.wait((hook) => {
      if (!stopped) stop = hook.onBroken(callback);
    });
    return () => {
      stopped = true;
      stop?.();
    };
  }

  override settled(): StubHook {
    return this.sharedIfLive?.resolution?.settled() ?? this;
  }
}

function later(shared: Deferred, step: (hook: StubHook) => StubHook): StubHook {
  const result = new Deferred();
  shared.wait((hook) => result.settle(step(hook)));
  return new PromiseHook(result);
}
