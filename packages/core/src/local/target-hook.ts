import { nameOf } from "@capnweb/wire/internal";
import type { StubHook } from "../model/hook.ts";
import { Payload } from "../model/payload.ts";
import type { Runtime } from "../model/runtime.ts";
import { Shared } from "../model/shared-hook.ts";
import type { ErrorListener } from "../report.ts";
import { disposeHandedIn } from "./dispose-parts.ts";
import { LocalHook } from "./local-hook.ts";

class SharedTarget extends Shared {
  readonly runtime: Runtime;
  readonly value: object;
  /** The listener for a failure of the disposer: that of the last session that had the target. */
  onError: ErrorListener | undefined;

  constructor(runtime: Runtime, target: object) {
    super();
    this.runtime = runtime;
    this.value = target;
  }

  override drop(): void {
    disposeHandedIn(this.value, this.runtime.table, this.onError);
  }
}

/**
 * A reference to a target or function of this process. When the last of the references made from
 * one another goes, the target's own disposer runs.
 */
export class TargetHook extends LocalHook<SharedTarget> {
  static of(runtime: Runtime, target: object): TargetHook {
    return new TargetHook(new SharedTarget(runtime, target));
  }

  override another(shared: SharedTarget): StubHook {
    return new TargetHook(shared);
  }

  override peek(): Payload {
    const { runtime } = this.shared;
    // The stub shares this reference, so disposing of either disposes of both.
    return Payload.owned(runtime, runtime.makeStub(this));
  }

  protected override describeShared({ value }: SharedTarget): string {
    return `local ${nameOf(value)}`;
  }

  override reportTo(onError: ErrorListener): void {
    const { live } = this;
    if (live) live.onError = onError;
  }
}
