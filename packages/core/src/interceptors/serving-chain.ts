import type { Expression } from "@capnweb/wire";
import type { Budget } from "../budget.ts";
import { callMethod } from "../local/deliver.ts";
import type { Served, ServedWriter, Serving } from "../local/serving.ts";
import type { PropertyPath, StubHook } from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";
import type { Shared } from "../model/shared-hook.ts";
import { sizeOfArguments, sizeOfPart } from "../model/waiting-size.ts";
import type { SessionParts } from "../session/base-session.ts";
import { type ImportEntry, ImportHook } from "../session/import-entry.ts";
import { StreamEntry } from "../session/stream-entry.ts";
import { ServedCall } from "./served-call.ts";
import { type Passing, ServedForward } from "./served-forward.ts";
import { type Chain, ELSEWHERE, PASS, type ServeInterceptor } from "./served-operation.ts";
import { ServedRead } from "./served-read.ts";
import { ServedWrite } from "./served-write.ts";

/** A session's interceptors, around the operations that its peer asks for. */
export class ServingChain implements Serving, Chain {
  readonly interceptors: readonly ServeInterceptor[];
  readonly parts: SessionParts;

  constructor(interceptors: readonly ServeInterceptor[], parts: SessionParts) {
    this.interceptors = interceptors;
    this.parts = parts;
  }

  call(hook: Served, path: PropertyPath, args: Payload): StubHook {
    const call = new ServedCall(this, hook, path, args);
    return callMethod(args, PASS, call, hook, call);
  }

  get(hook: Served, path: PropertyPath, budget: Budget): StubHook {
    return new ServedRead(this, hook, path, budget).serve();
  }

  map(
    hook: Served,
    path: PropertyPath,
    captures: StubHook[],
    instructions: Expression[],
    budget: Budget,
  ): StubHook {
    const start = hook.live?.value;
    const passing = mapping(path, captures, instructions, budget);
    return new ServedForward(this, "map", hook.dup(), start, path, undefined, passing).serve();
  }

  write(
    writer: ServedWriter,
    path: PropertyPath,
    args: Payload,
    write: () => Promise<void>,
  ): Promise<void> {
    return new ServedWrite(this, writer, path, args, write).serve();
  }

  forwardCall(to: Shared, path: PropertyPath, args: Payload): StubHook {
    const kind = to instanceof StreamEntry ? "stream" : "call";
    const passing: Passing = {
      budget: args.budget!,
      pass(hook, budget) {
        args.budget = budget;
        return hook.call(path, args);
      },
      size: () => sizeOfArguments(args),
      abandon: () => args.dispose(),
    };
    const hook = referTo(to);
    return new ServedForward(this, kind, hook, ELSEWHERE, path, args.value, passing).serve();
  }

  forwardGet(to: Shared, path: PropertyPath, budget: Budget): StubHook {
    const passing: Passing = { budget, pass: (hook, own) => hook.get(path, own), size: () => 0 };
    const hook = referTo(to);
    return new ServedForward(this, "get", hook, ELSEWHERE, path, undefined, passing).serve();
  }

  forwardMap(
    to: Shared,
    path: PropertyPath,
    captures: StubHook[],
    instructions: Expression[],
    budget: Budget,
  ): StubHook {
    const passing = mapping(path, captures, instructions, budget);
    const hook = referTo(to);
    return new ServedForward(this, "map", hook, ELSEWHERE, path, undefined, passing).serve();
  }
}

function mapping(
  path: PropertyPath,
  captures: StubHook[],
  instructions: Expression[],
  budget: Budget,
): Passing {
  return {
    budget,
    pass: (hook, own) => hook.map(path, captures, instructions, own),
    size: () => sizeOfPart(budget, instructions),
    abandon() {
      for (const capture of captures) capture.dispose();
    },
  };
}

/** A new reference to an object that another session imported. */
function referTo(shared: Shared): StubHook {
  shared.count++;
  return new ImportHook(shared as ImportEntry);
}
