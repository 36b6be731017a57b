import type { Expression } from "@capnweb/wire";
import type { Budget } from "../budget.ts";
import { ContextualOutgoing } from "../contexts/contextual-outgoing.ts";
import { ErrorHook, type PropertyPath, type StreamedCall, type StubHook } from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";
import type { SessionParts } from "../session/base-session.ts";
import type { RpcSessionOptions } from "../session/options.ts";
import type { OutgoingHost } from "../session/outgoing.ts";
import type { Transport } from "../transport.ts";
import { type CallInterceptor, OutgoingOperation } from "./outgoing-operation.ts";

/** The requests of a session's stubs, each of which passes the session's interceptors. */
export class InterceptedOutgoing extends ContextualOutgoing {
  readonly #interceptors: readonly CallInterceptor[];
  readonly #parts: SessionParts;

  constructor(
    interceptors: readonly CallInterceptor[],
    host: OutgoingHost & SessionParts,
    transport: Transport,
    options: RpcSessionOptions,
  ) {
    super(host, transport, options);
    this.#interceptors = interceptors;
    this.#parts = host;
  }

  override call(id: number, path: PropertyPath, args: Payload): StubHook {
    const result = new Call(this.#parts, this, id, path, args).run(
      this.#interceptors,
      this.runtime,
    );
    // An interceptor may have gone on without the call, although it couldn't be sent.
    args.dispose();
    return result;
  }

  override get(id: number, path: PropertyPath, budget: Budget | undefined): StubHook {
    // A reference, which no application asked for.
    if (path.length === 0) return super.get(id, path, budget);
    try {
      return new Read(this.#parts, this, id, path, budget).run(this.#interceptors, this.runtime);
    } catch (error) {
      return new ErrorHook(error);
    }
  }

  override map(
    id: number,
    path: PropertyPath,
    captures: StubHook[],
    instructions: Expression[],
    budget: Budget | undefined,
  ): StubHook {
    const operation = new Mapping(this.#parts, this, id, path, captures, instructions, budget);
    const result = operation.run(this.#interceptors, this.runtime);
    if (!operation.hasLeft) for (const capture of captures) capture.dispose();
    return result;
  }

  override stream(id: number, path: PropertyPath, args: Payload): StreamedCall {
    const operation = new Write(this.#parts, this, id, path, args);
    const result = operation.run(this.#interceptors, this.runtime);
    args.dispose();
    return { result, size: operation.streamed?.size, room: operation.streamed?.room };
  }

  // The same, past the interceptors.

  sendCall(id: number, path: PropertyPath, args: Payload): StubHook {
    return super.call(id, path, args);
  }

  sendGet(id: number, path: PropertyPath, budget: Budget | undefined): StubHook {
    return super.get(id, path, budget);
  }

  sendMap(
    id: number,
    path: PropertyPath,
    captures: StubHook[],
    instructions: Expression[],
    budget: Budget | undefined,
  ): StubHook {
    return super.map(id, path, captures, instructions, budget);
  }

  sendStream(id: number, path: PropertyPath, args: Payload): StreamedCall {
    return super.stream(id, path, args);
  }
}

class Call extends OutgoingOperation {
  readonly #outgoing: InterceptedOutgoing;
  readonly #id: number;
  readonly #payload: Payload;

  constructor(
    parts: SessionParts,
    outgoing: InterceptedOutgoing,
    id: number,
    path: PropertyPath,
    payload: Payload,
  ) {
    super(parts, outgoing, "call", path, payload.value);
    this.#outgoing = outgoing;
    this.#id = id;
    this.#payload = payload;
  }

  protected get account(): Budget | undefined {
    return this.#payload.budget;
  }

  protected set account(account: Budget | undefined) {
    this.#payload.budget = account;
  }

  protected leave(): StubHook {
    return this.#outgoing.sendCall(this.#id, this.path, this.#payload);
  }
}

class Read extends OutgoingOperation {
  protected account: Budget | undefined;
  readonly #outgoing: InterceptedOutgoing;
  readonly #id: number;

  constructor(
    parts: SessionParts,
    outgoing: InterceptedOutgoing,
    id: number,
    path: PropertyPath,
    account: Budget | undefined,
  ) {
    super(parts, outgoing, "get", path, undefined);
    this.account = account;
    this.#outgoing = outgoing;
    this.#id = id;
  }

  protected leave(): StubHook {
    return this.#outgoing.sendGet(this.#id, this.path, this.account);
  }
}

class Mapping extends OutgoingOperation {
  protected account: Budget | undefined;
  readonly #outgoing: InterceptedOutgoing;
  readonly #id: number;
  readonly #captures: StubHook[];
  readonly #instructions: Expression[];

  constructor(
    parts: SessionParts,
    outgoing: InterceptedOutgoing,
    id: number,
    path: PropertyPath,
    captures: StubHook[],
    instructions: Expression[],
    account: Budget | undefined,
  ) {
    super(parts, outgoing, "map", path, undefined);
    this.account = account;
    this.#outgoing = outgoing;
    this.#id = id;
    this.#captures = captures;
    this.#instructions = instructions;
  }

  protected leave(): StubHook {
    const { path, account } = this;
    return this.#outgoing.sendMap(this.#id, path, this.#captures, this.#instructions, account);
  }
}

class Write extends OutgoingOperation {
  protected account: Budget | undefined;
  readonly #outgoing: InterceptedOutgoing;
  readonly #id: number;
  readonly #payload: Payload;
  /** Set once it was sent. */
  streamed: StreamedCall | undefined = undefined;

  constructor(
    parts: SessionParts,
    outgoing: InterceptedOutgoing,
    id: number,
    path: PropertyPath,
    payload: Payload,
  ) {
    super(parts, outgoing, "stream", path, payload.value);
    this.#outgoing = outgoing;
    this.#id = id;
    this.#payload = payload;
  }

  protected leave(): StubHook {
    this.streamed = this.#outgoing.sendStream(this.#id, this.path, this.#payload);
    return this.streamed.result;
  }
}
