import { type Expression, nameOf } from "@capnweb/wire";
import type { BrokenListener } from "../broken-listener.ts";
import type { Budget } from "../budget.ts";
import { handleIfStub } from "../model/handle.ts";
import { ErrorHook, type PropertyPath, type StubHook } from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";
import { LocalHook } from "./local-hook.ts";

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

  override get(path: PropertyPath, budget?: Budget): StubHook {
    try {
      this.#own();
      return super.get(path, budget);
    } catch (error) {
      return new ErrorHook(error);
    }
  }

  override deliverMap(
    path: PropertyPath,
    captures: StubHook[],
    instructions: Expression[],
    budget?: Budget,
  ): StubHook {
    this.#own();
    return super.deliverMap(path, captures, instructions, budget);
  }

  /**
   * Has the targets in the value be stubs from now on: references to parts of it count together with
   * the whole's own, or each would dispose of the target.
   */
  #own(): void {
    this.shared.own();
  }

  protected override describeShared({ value }: Payload): string {
    return handleIfStub(value)?.hook.describe() ?? `local ${nameOf(value)}`;
  }

  override next(): StubHook | undefined {
    return this.live?.promise;
  }

  override onBroken(listener: BrokenListener): void {
    this.listen(listener);
    handleIfStub(this.shared.value)?.hook.onBroken(listener);
  }
}
