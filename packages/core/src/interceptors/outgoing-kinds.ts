import type { Expression } from "@capnweb/wire";
import type { Budget } from "../budget.ts";
import type { PropertyPath, StreamedCall, StubHook } from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";
import type { SessionParts } from "../session/base-session.ts";
import { OutgoingOperation, type Requests } from "./outgoing-operation.ts";

/** A call of a method or function. */
export class OutgoingApply extends OutgoingOperation {
  readonly #payload: Payload;

  constructor(
    parts: SessionParts,
    requests: Requests,
    id: number,
    path: PropertyPath,
    payload: Payload,
  ) {
    super(parts, requests, "call", id, path, payload.value);
    this.#payload = payload;
  }

  protected get account(): Budget | undefined {
    return this.#payload.budget;
  }

  protected set account(account: Budget | undefined) {
    this.#payload.budget = account;
  }

  protected leave(): StubHook {
    return this.requests.sendCall(this.id, this.path, this.#payload);
  }
}

/** The read of a property. */
export class OutgoingRead extends OutgoingOperation {
  protected account: Budget | undefined;

  constructor(
    parts: SessionParts,
    requests: Requests,
    id: number,
    path: PropertyPath,
    account: Budget | undefined,
  ) {
    super(parts, requests, "get", id, path, undefined);
    this.account = account;
  }

  protected leave(): StubHook {
    return this.requests.sendGet(this.id, this.path, this.account);
  }
}

/** A recorded `map()`. */
export class OutgoingMap extends OutgoingOperation {
  protected account: Budget | undefined;
  readonly #captures: StubHook[];
  readonly #instructions: Expression[];

  constructor(
    parts: SessionParts,
    requests: Requests,
    id: number,
    path: PropertyPath,
    captures: StubHook[],
    instructions: Expression[],
    account: Budget | undefined,
  ) {
    super(parts, requests, "map", id, path, undefined);
    this.account = account;
    this.#captures = captures;
    this.#instructions = instructions;
  }

  protected leave(): StubHook {
    const { id, path, account } = this;
    return this.requests.sendMap(id, path, this.#captures, this.#instructions, account);
  }
}

/** A chunk for a stream, or the stream's end. */
export class OutgoingWrite extends OutgoingOperation {
  protected account: Budget | undefined;
  readonly #payload: Payload;
  /** Set once it was sent. */
  streamed: StreamedCall | undefined = undefined;

  constructor(
    parts: SessionParts,
    requests: Requests,
    id: number,
    path: PropertyPath,
    payload: Payload,
  ) {
    super(parts, requests, "stream", id, path, payload.value);
    this.#payload = payload;
  }

  protected leave(): StubHook {
    this.streamed = this.requests.sendStream(this.id, this.path, this.#payload);
    return this.streamed.result;
  }
}
