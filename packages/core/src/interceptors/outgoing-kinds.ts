import type { Expression } from "@capnweb/wire";
import type { Budget } from "../budget.ts";
import type { PropertyPath, StreamedCall, StubHook } from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";
import { OutgoingOperation, type Requests } from "./outgoing-operation.ts";

/** A call of a method or function. */
export class OutgoingApply extends OutgoingOperation {
  protected readonly payload: Payload;

  constructor(requests: Requests, id: number, path: PropertyPath, payload: Payload) {
    super(requests, "call", id, path, payload.value);
    this.payload = payload;
  }

  protected get account(): Budget | undefined {
    return this.payload.budget;
  }

  protected set account(account: Budget | undefined) {
    this.payload.budget = account;
  }

  protected leave(): StubHook {
    return this.direction.sendCall(this.id, this.path, this.payload);
  }
}

/** The read of a property. */
export class OutgoingRead extends OutgoingOperation {
  protected account: Budget | undefined;

  constructor(requests: Requests, id: number, path: PropertyPath, account: Budget | undefined) {
    super(requests, "get", id, path, undefined);
    this.account = account;
  }

  protected leave(): StubHook {
    return this.direction.sendGet(this.id, this.path, this.account);
  }
}

/** A recorded `map()`. */
export class OutgoingMap extends OutgoingOperation {
  protected account: Budget | undefined;
  readonly #captures: StubHook[];
  readonly #instructions: Expression[];

  constructor(
    requests: Requests,
    id: number,
    path: PropertyPath,
    captures: StubHook[],
    instructions: Expression[],
    account: Budget | undefined,
  ) {
    super(requests, "map", id, path, undefined);
    this.account = account;
    this.#captures = captures;
    this.#instructions = instructions;
  }

  protected leave(): StubHook {
    const { id, path, account } = this;
    return this.direction.sendMap(id, path, this.#captures, this.#instructions, account);
  }
}

/** A chunk for a stream, or the stream's end. */
export class OutgoingWrite extends OutgoingOperation {
  protected account: Budget | undefined;
  readonly #payload: Payload;
  /** Set once it was sent. */
  streamed: StreamedCall | undefined = undefined;

  constructor(requests: Requests, id: number, path: PropertyPath, payload: Payload) {
    super(requests, "stream", id, path, payload.value);
    this.#payload = payload;
  }

  protected leave(): StubHook {
    this.streamed = this.direction.sendStream(this.id, this.path, this.#payload);
    return this.streamed.result;
  }
}
