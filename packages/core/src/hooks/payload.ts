import type { BrokenListener } from "../broken-listener.ts";
import type { StubHook } from "../hook.ts";
import type { Payload } from "../payload/payload.ts";
import { handleIfStub } from "../stub/handle.ts";
import { LocalHook } from "./local.ts";

/** A reference to a result that is there; the payload goes with the last one. */
export class PayloadHook extends LocalHook<Payload> {
  protected override another(payload: Payload): StubHook {
    return new PayloadHook(payload);
  }

  override peek(): Payload {
    return this.shared;
  }

  override next(): StubHook | undefined {
    return this.live?.promise;
  }

  override onBroken(listener: BrokenListener): void {
    this.listen(listener);
    handleIfStub(this.shared.value)?.hook.onBroken(listener);
  }
}
