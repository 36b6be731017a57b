import { type Expression, nameOf } from "@capnweb/wire";
import type { Budget } from "../budget.ts";
import { type Callee, deliverCall } from "../local/deliver.ts";
import { LocalHook } from "../local/local-hook.ts";
import type { Served, ServedWriter, Serving } from "../local/serving.ts";
import { handleIfStub } from "../model/handle.ts";
import type { PropertyPath, StubHook } from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";
import type { Shared } from "../model/shared-hook.ts";
import type { SessionParts } from "../session/base-session.ts";
import { type ImportEntry, ImportHook } from "../session/import-entry.ts";
import { StreamEntry } from "../session/stream-entry.ts";
import type { IncomingCall, OperationKind } from "./interceptor.ts";
import { IncomingOperation } from "./operation.ts";
import { ServedCall } from "./served-call.ts";
import { ServedForward } from "./served-forward.ts";
import type { ServeInterceptor } from "./served-operation.ts";
import { ServedRead } from "./served-read.ts";
import { ServedWrite } from "./served-write.ts";
import { UnservedBudget } from "./unserved-budget.ts";

/** The interceptors of a session, around the operations that its peer asks for. */
export class ServingChain implements Serving {
  readonly #interceptors: readonly ServeInterceptor[];
  readonly #parts: SessionParts;

  constructor(interceptors: readonly ServeInterceptor[], parts: SessionParts) {
    this.#interceptors = interceptors;
    this.#parts = parts;
  }

  call(hook: Served, path: PropertyPath, args: Payload): StubHook {
    const run = new ServedCall(this.#interceptors, this.#parts.lifetime, hook, path, args);
    run.call = this.#operation("call", hook.live?.value, path, args);
    return deliverCall(args, BEGIN, run, hook, run);
  }

  get(hook: Served, path: PropertyPath, budget: Budget): StubHook {
    const run = new ServedRead(this.#interceptors, this.#parts, hook, path, budget);
    run.call = this.#operation("get", hook.live?.value, path);
    return run.serve();
  }

  map(
    hook: Served,
    path: PropertyPath,
    captures: StubHook[],
    instructions: Expression[],
    budget: Budget,
  ): StubHook {
    const call = this.#operation("map", hook.live?.value, path);
    return this.#map(hook.dup(), call, captures, instructions, budget);
  }

  write(
    writer: ServedWriter,
    path: PropertyPath,
    args: Payload,
    write: () => Promise<void>,
  ): Promise<void> {
    const run = new ServedWrite(this.#interceptors, this.#parts.lifetime, writer, args, write);
    run.call = new IncomingOperation(this.#parts, "stream", path, args.value, ofStream);
    return run.serve();
  }

  forwardCall(to: Shared, path: PropertyPath, args: Payload): StubHook {
    const isStream = to instanceof StreamEntry;
    const call = this.#forwarded(isStream ? "stream" : "call", path, args);
    return this.#passOn(
      referTo(to),
      call,
      args.budget!,
      (hook, budget) => {
        args.budget = budget;
        return hook.call(path, args);
      },
      () => args.dispose(),
    );
  }

  forwardGet(to: Shared, path: PropertyPath, budget: Budget): StubHook {
    const call = this.#forwarded("get", path);
    return this.#passOn(referTo(to), call, budget, (hook, own) => hook.get(path, own));
  }

  forwardMap(
    to: Shared,
    path: PropertyPath,
    captures: StubHook[],
    instructions: Expression[],
    budget: Budget,
  ): StubHook {
    const call = this.#forwarded("map", path);
    return this.#map(referTo(to), call, captures, instructions, budget);
  }

  #map(
    hook: StubHook,
    call: IncomingCall,
    captures: StubHook[],
    instructions: Expression[],
    budget: Budget,
  ): StubHook {
    return this.#passOn(
      hook,
      call,
      budget,
      (to, own) => to.map(call.path, captures, instructions, own),
      () => {
        for (const capture of captures) capture.dispose();
      },
    );
  }

  #passOn(
    hook: StubHook,
    call: IncomingCall,
    budget: Budget,
    pass: (hook: StubHook, budget: Budget) => StubHook,
    abandon?: () => void,
  ): StubHook {
    const own = new UnservedBudget(budget);
    const run = new ServedForward(
      this.#interceptors,
      this.#parts,
      hook,
      budget,
      (to) => pass(to, own),
      abandon,
    );
    run.call = call;
    return run.serve();
  }

  #operation(
    kind: OperationKind,
    target: unknown,
    path: PropertyPath,
    args?: Payload,
  ): IncomingCall {
    return new IncomingOperation(this.#parts, kind, path, args?.value, () => classOf(target));
  }

  #forwarded(kind: OperationKind, path: PropertyPath, args?: Payload): IncomingCall {
    return new IncomingOperation(this.#parts, kind, path, args?.value, ofElsewhere);
  }
}

const BEGIN: Callee = function (this: ServedCall) {
  return this.begin();
};

const ofStream = () => "WritableStream";
const ofElsewhere = () => undefined;

/** The name of a target's class, if the target is here. */
function classOf(target: unknown): string | undefined {
  const handle = handleIfStub(target);
  if (!handle) return nameOf(target);
  // A result that is a stub.
  const hook = handle.path.length === 0 ? handle.hook.settled() : undefined;
  return hook instanceof LocalHook ? classOf(hook.live?.value) : undefined;
}

/** A reference of one's own to what another session imported. */
function referTo(shared: Shared): StubHook {
  shared.count++;
  return new ImportHook(shared as ImportEntry);
}
