import type { EncodeContext, Expression } from "@capnweb/wire";
import type { BrokenListener } from "../broken-listener.ts";
import type { Budget } from "../budget.ts";
import {
  ErrorHook,
  type PropertyPath,
  type Puller,
  type StreamedCall,
  type StubHook,
} from "../model/hook.ts";
import { Payload } from "../model/payload.ts";
import type { Runtime } from "../model/runtime.ts";
import { type Shared, SharedHook } from "../model/shared-hook.ts";
import { FollowedCall } from "./followed-call.ts";
import type { FollowedSource } from "./followed-source.ts";
import type { Followed } from "./followed-target.ts";
import { CallOperation, GetOperation, MapOperation, type Operation } from "./operation.ts";

type Source = Shared & FollowedSource & { onBroken(listener: BrokenListener): void };

/** A reference to something whose session may be replaced. */
abstract class FollowedHook<S extends Source> extends SharedHook<S> {
  /** The hook that stands for it now. */
  protected abstract get current(): StubHook | undefined;

  // Another peer's operations pass through once, because that peer decides about its calls.

  override deliverCall(path: PropertyPath, args: Payload): StubHook {
    const through = this.through(args.budget);
    if (through) return through.deliverCall(path, args);
    return this.#begin(new CallOperation(path, args));
  }

  override deliverMap(
    path: PropertyPath,
    captures: StubHook[],
    instructions: Expression[],
    budget?: Budget,
  ): StubHook {
    const through = this.through(budget);
    if (through) return through.deliverMap(path, captures, instructions, budget);
    return this.#begin(new MapOperation(path, captures, instructions, budget));
  }

  override deliverStream(path: PropertyPath, args: Payload): StreamedCall {
    return this.required().deliverStream(path, args);
  }

  override get(path: PropertyPath, budget?: Budget): StubHook {
    if (path.length === 0) return this.dup();
    try {
      const through = this.through(budget);
      if (through) return through.get(path, budget);
    } catch (error) {
      // Unlike calls, reads must not throw.
      return new ErrorHook(error);
    }
    return this.#begin(new GetOperation(path, budget));
  }

  #begin(operation: Operation): StubHook {
    const call = new FollowedCall(this.shared, operation);
    call.begin();
    const { refused } = call;
    if (refused) throw refused.error;
    return new FollowedCallHook(call);
  }

  /** The hook that an operation is passed on to as it is, if it is. */
  protected through(account: Budget | undefined): StubHook | undefined {
    return account?.owner ? this.required() : undefined;
  }

  /** The hook that stands for it now. */
  protected required(): StubHook {
    const { chosen } = this;
    if (chosen) return chosen;
    throw this.shared.absence;
  }

  protected get chosen(): StubHook | undefined {
    return this.current;
  }

  override onBroken(listener: BrokenListener): void {
    const { shared } = this;
    listener.waitAt(this);
    shared.onBroken(listener);
  }

  override idFor(session: object): number | undefined {
    return this.current?.settled().idFor(session);
  }

  override get errorProperties(): EncodeContext["errorProperties"] {
    return this.current?.errorProperties;
  }

  protected override describeShared(): string {
    const { current } = this;
    return current ? current.describe() : "a stub that waits for a connection";
  }
}

/** A reference to the result of an operation on something that is followed. */
export class FollowedCallHook extends FollowedHook<FollowedCall> {
  override another(call: FollowedCall): StubHook {
    return new FollowedCallHook(call);
  }

  protected override get current(): StubHook | undefined {
    return this.live?.result;
  }

  /** Operations on a result that is there go to it, because it belongs to its session. */
  protected override through(account: Budget | undefined): StubHook | undefined {
    const { current } = this;
    return current?.peek() ? current : super.through(account);
  }

  override pull(puller: Puller): void {
    this.shared.pull(puller);
  }

  override peek(): Payload | undefined {
    return this.live?.result?.peek();
  }

  override get payload(): Payload | undefined {
    return this.live?.result?.payload;
  }

  override next(): StubHook | undefined {
    return this.live?.result;
  }
}

/** A reference to a target that changes, or to one of several. */
export class FollowedTargetHook extends FollowedHook<Followed> {
  readonly #runtime: Runtime;

  constructor(target: Followed, runtime: Runtime) {
    super(target);
    this.#runtime = runtime;
  }

  override another(target: Followed): StubHook {
    return new FollowedTargetHook(target, this.#runtime);
  }

  protected override get current(): StubHook | undefined {
    return this.live?.target;
  }

  protected override get chosen(): StubHook | undefined {
    return this.live?.chosen;
  }

  override idFor(session: object): number | undefined {
    return this.live?.idFor(session);
  }

  override peek(): Payload {
    // The stub shares this reference, so disposing of either disposes of both.
    return Payload.owned(this.#runtime, this.#runtime.makeStub(this));
  }

  override pull(puller: Puller): void {
    puller.resolve(this.peek());
  }
}
