import type { StubHook, Unregister } from "../hook.ts";
import type { Payload } from "../payload/payload.ts";
import type { Runtime } from "../runtime.ts";
import { handleIfStub } from "../stub/handle.ts";
import { LocalHook } from "./local.ts";
import { Shared } from "./shared.ts";

class SharedPayload extends Shared {
  readonly payload: Payload;

  constructor(payload: Payload) {
    super();
    this.payload = payload;
  }

  override drop(): void {
    this.payload.dispose();
  }
}

/** A reference to a result that is there. */
export class PayloadHook extends LocalHook<SharedPayload> {
  /** Takes over `payload`. */
  static of(payload: Payload): PayloadHook {
    return new PayloadHook(new SharedPayload(payload));
  }

  protected override another(shared: SharedPayload): StubHook {
    return new PayloadHook(shared);
  }

  protected override get runtime(): Runtime {
    return this.shared.payload.runtime;
  }

  protected override get root(): unknown {
    return this.shared.payload.value;
  }

  override pull(): Payload {
    return this.shared.payload;
  }

  override onBroken(callback: (error: unknown) => void): Unregister {
    return handleIfStub(this.root)?.hook.onBroken(callback) ?? (() => {});
  }
}
