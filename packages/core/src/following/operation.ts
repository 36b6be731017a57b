import type { Expression } from "@capnweb/wire";
import type { Budget } from "../budget.ts";
import { CalledScope } from "../call-context/called-scope.ts";
import { ErrorHook, type PropertyPath, type StubHook } from "../model/hook.ts";
import { Payload } from "../model/payload.ts";
import { HeldStream } from "../stream/held-stream.ts";

/**
 * An operation that can be carried out more than once, unless it uses itself up. It owns what it
 * needs for that until it is disposed of.
 */
export interface Operation {
  /** The account of the operation, which has its context and its options. */
  readonly account: Budget | undefined;
  /** The path to the method or property, for errors. */
  readonly path: PropertyPath;
  /** True if it can be carried out only once, because streams in its arguments are used up. */
  readonly usesStreams: boolean;
  /**
   * Carries it out on `target`.
   *
   * @returns the result
   * @throws EncodeError for arguments that can't be sent
   */
  on(target: StubHook): StubHook;
  dispose(): void;
}

/** True if the options of an operation say that it may run twice. */
export function isIdempotent({ account }: Operation): boolean {
  const root = account?.root;
  return root instanceof CalledScope && root.idempotent === true;
}

/** A call. */
export class CallOperation implements Operation {
  readonly path: PropertyPath;
  readonly account: Budget | undefined;
  readonly usesStreams: boolean;
  readonly #args: Payload;

  /**
   * @param args taken over, unless this throws
   * @throws EncodeError for arguments that can't be copied
   */
  constructor(path: PropertyPath, args: Payload) {
    args.own();
    this.path = path;
    this.account = args.budget;
    this.usesStreams = args.references.some((each) => each instanceof HeldStream);
    this.#args = args;
  }

  on(target: StubHook): StubHook {
    return target.callOrThrow(this.path, this.#copy());
  }

  /** Arguments for one attempt. Nothing changes a value without references, so all share it. */
  #copy(): Payload {
    const args = this.#args;
    const { runtime, account } = { runtime: args.runtime, account: this.account };
    if (args.isFlat) return Payload.owned(runtime, args.value, undefined, undefined, account);
    const copy = Payload.copied(runtime, args.value);
    copy.budget = account;
    return copy;
  }

  dispose(): void {
    this.#args.dispose();
  }
}

/** The read of a property. */
export class GetOperation implements Operation {
  readonly usesStreams = false;
  readonly path: PropertyPath;
  readonly account: Budget | undefined;

  constructor(path: PropertyPath, account: Budget | undefined) {
    this.path = path;
    this.account = account;
  }

  on(target: StubHook): StubHook {
    return target.get(this.path, this.account);
  }

  dispose(): void {}
}

/** A `map()`. */
export class MapOperation implements Operation {
  readonly usesStreams = false;
  readonly path: PropertyPath;
  readonly account: Budget | undefined;
  readonly #captures: StubHook[];
  readonly #instructions: Expression[];

  /** @param captures taken over */
  constructor(
    path: PropertyPath,
    captures: StubHook[],
    instructions: Expression[],
    account: Budget | undefined,
  ) {
    this.path = path;
    this.account = account;
    this.#captures = captures;
    this.#instructions = instructions;
  }

  on(target: StubHook): StubHook {
    const captures = this.#captures.map((capture) => another(capture));
    return target.map(this.path, captures, this.#instructions, this.account);
  }

  dispose(): void {
    for (const capture of this.#captures) capture.dispose();
  }
}

/** Another reference to a capture. */
function another(capture: StubHook): StubHook {
  try {
    return capture.dup();
  } catch (error) {
    return new ErrorHook(error);
  }
}
