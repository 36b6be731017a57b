import type { Expression } from "@capnweb/wire";
import type { Budget } from "../budget.ts";
import { ErrorHook, type PropertyPath, type StreamedCall, type StubHook } from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";
import type { Deferred, Watch } from "./deferred.ts";
import { ForwardingHook } from "./forwarding-hook.ts";
import { callLater, getLater, mapLater, streamLater } from "./steps.ts";

/** A reference to something still to come. */
export class PromiseHook extends ForwardingHook<Deferred> {
  /** Callbacks that wait while this reference is held. Few references have any. */
  declare watches: Watch | undefined;

  override get isLocal(): boolean {
    return true;
  }

  override deliverCall(path: PropertyPath, args: Payload): StubHook {
    const { shared } = this;
    const { resolution } = shared;
    if (resolution) return resolution.deliverCall(path, args);
    return new PromiseHook(callLater(shared, path, args));
  }

  override deliverMap(
    path: PropertyPath,
    captures: StubHook[],
    instructions: Expression[],
    budget?: Budget,
  ): StubHook {
    const { shared } = this;
    const { resolution } = shared;
    if (resolution) return resolution.deliverMap(path, captures, instructions, budget);
    return new PromiseHook(mapLater(shared, path, captures, instructions, budget));
  }

  override deliverStream(path: PropertyPath, args: Payload): StreamedCall {
    const { shared } = this;
    const { resolution } = shared;
    if (resolution) return resolution.deliverStream(path, args);
    return { result: new PromiseHook(streamLater(shared, path, args)), size: undefined };
  }

  override get(path: PropertyPath, budget?: Budget): StubHook {
    const { shared } = this;
    const { resolution } = shared;
    if (resolution) return resolution.get(path, budget);
    try {
      return new PromiseHook(getLater(shared, path, budget));
    } catch (error) {
      // Steps of a promise must not throw.
      return new ErrorHook(error);
    }
  }

  override another(shared: Deferred): StubHook {
    return new PromiseHook(shared);
  }

  override whenSettled(callback: (hook: StubHook) => void): void {
    this.live?.whenSettled(callback);
  }

  /** Does what {@link whenSettled} does, unless this reference is given up before. */
  whileHeld(watch: Watch): void {
    if (!this.live?.watch(watch)) return;
    if (this.watches) watch.next = this.watches;
    this.watches = watch;
  }

  /**
   * Gives this reference up. The call behind it goes on, because its effect may be what matters.
   */
  override letGo(): void {
    this.live?.keep();
    this.dispose();
  }

  override dispose(failure?: ErrorHook): void {
    for (let each = this.watches; each; each = each.next) this.live?.giveUp(each);
    super.dispose(failure);
  }
}
