import type { Expression } from "@capnweb/wire";
import type { Budget } from "../budget.ts";
import { ContextualOutgoing } from "../contexts/contextual-outgoing.ts";
import { ErrorHook, type PropertyPath, type StreamedCall, type StubHook } from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";
import type { SessionParts } from "../session/base-session.ts";
import type { RpcSessionOptions } from "../session/options.ts";
import type { OutgoingHost } from "../session/outgoing.ts";
import type { Transport } from "../transport.ts";
import { OutgoingApply, OutgoingMap, OutgoingRead, OutgoingWrite } from "./outgoing-kinds.ts";
import type { CallInterceptor, Requests } from "./outgoing-operation.ts";

/** The requests of a session's stubs, each of which passes the session's interceptors. */
export class InterceptedOutgoing extends ContextualOutgoing implements Requests {
  readonly interceptors: readonly CallInterceptor[];
  readonly parts: SessionParts;

  constructor(
    interceptors: readonly CallInterceptor[],
    host: OutgoingHost & SessionParts,
    transport: Transport,
    options: RpcSessionOptions,
  ) {
    super(host, transport, options);
    this.interceptors = interceptors;
    this.parts = host;
  }

  override call(id: number, path: PropertyPath, args: Payload): StubHook {
    args.budget = this.accountOf(args.budget, path);
    const operation = new OutgoingApply(this, id, path, args);
    const result = operation.run();
    // An interceptor may have gone on without the call, although it couldn't be sent.
    if (!operation.hasLeft) args.dispose();
    return result;
  }

  override get(id: number, path: PropertyPath, budget: Budget | undefined): StubHook {
    // A bare reference, which no application asked for.
    if (path.length === 0) return super.get(id, path, budget);
    try {
      const account = this.accountOf(budget, path);
      return new OutgoingRead(this, id, path, account).run();
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
    const account = this.accountOf(budget, path);
    const operation = new OutgoingMap(this, id, path, captures, instructions, account);
    const result = operation.run();
    if (!operation.hasLeft) for (const capture of captures) capture.dispose();
    return result;
  }

  override stream(id: number, path: PropertyPath, args: Payload): StreamedCall {
    const operation = new OutgoingWrite(this, id, path, args);
    const result = operation.run();
    args.dispose();
    return { result, size: operation.streamed?.size, room: operation.streamed?.room };
  }

  sendStream(id: number, path: PropertyPath, args: Payload): StreamedCall {
    return super.stream(id, path, args);
  }
}
