import { nameOf } from "@capnweb/wire";
import type { StubHook, Unregister } from "../hook.ts";
import type { Payload } from "../payload/payload.ts";
import { handleIfStub } from "../stub/handle.ts";
import { LocalHook } from "./local.ts";

/** A reference to a result that is there; the payload goes with the last one. */
export class PayloadHook extends LocalHook<Payload> {
  protected override another(payload: Payload): StubHook {
    return new PayloadHook(payload);
  }

  override get payload(): Payload | undefined {
    return this.live;
  }

  override peek(): Payload {
    return this.shared;
  }

  protected override describeShared({ value }: Payload): string {
    return handleIfStub(value)?.hook.describe() ?? `local ${nameOf(value)}`;
  }

  override next(): StubHook | undefined {
    return this.live?.promise;
  }

  override onBroken(callback: (error: unknown) => void): Unregister {
    return handleIfStub(this.shared.value)?.hook.onBroken(callback) ?? (() => {});
  }
}
