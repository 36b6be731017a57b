import type { StubHook, Unregister } from "../hook.ts";
import type { Payload } from "../payload/payload.ts";
import type { Runtime } from "../runtime.ts";
import { handleIfStub } from "../stub/handle.ts";
import { LocalHook } from "./local.ts";

/** A reference to a result that is there; the payload goes with the last one. */
export class PayloadHook extends LocalHook<Payload> {
  protected override another(payload: Payload): StubHook {
    return new PayloadHook(payload);
  }

  protected override get runtime(): Runtime {
    return this.shared.runtime;
  }

  protected override get root(): unknown {
    return this.shared.value;
  }

  override peek(): Payload {
    return this.shared;
  }

  override next(): StubHook | undefined {
    return this.sharedIfLive?.rootPromise;
  }

  override onBroken(callback: (error: unknown) => void): Unregister {
    return handleIfStub(this.root)?.hook.onBroken(callback) ?? (() => {});
  }
}
