import {
  RpcSession,
  type RpcSessionOptions,
  type RpcStub,
  type Transport,
} from "../../src/index.ts";
import { connectEnds, MemoryEnd } from "./memory-end.ts";

/**
 * The published protocol and nothing else, because tests check each message. Messages are handled
 * when they arrive, however busy the machine is, unless a test sets `turnBudget`.
 */
function plain(options: RpcSessionOptions = {}): RpcSessionOptions {
  const { limits } = options;
  if (typeof limits === "string") return { announce: false, ...options };
  return {
    announce: false,
    ...options,
    limits: { turnBudget: Number.POSITIVE_INFINITY, ...limits },
  };
}

export interface PairOptions {
  readonly level?: Transport["encodingLevel"];
  readonly client?: RpcSessionOptions;
  readonly server?: RpcSessionOptions;
}

/** A client and a server session, connected in memory. */
export function pair<T extends object>(main: T, options: PairOptions = {}, clientMain?: unknown) {
  const [clientEnd, serverEnd] = connectEnds({ level: options.level });
  const client = new RpcSession<any>(clientEnd, clientMain, plain(options.client));
  const server = new RpcSession<any>(serverEnd, main, plain(options.server));
  return {
    client,
    server,
    clientEnd,
    serverEnd,
    api: client.getRemoteMain() as any as RpcStub<T>,
    /** True if both sessions hold only their main objects. */
    isClean: () =>
      [client, server].every((each) => {
        const { imports, exports } = each.getStats();
        return imports === 1 && exports === 1;
      }),
  };
}

/** Resolves after several turns of the event loop, when all work in memory is done. */
export async function settle(turns = 6): Promise<void> {
  for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** A peer that a test controls, for a session under test. */
export function scripted(main?: unknown, options?: RpcSessionOptions) {
  const transport = new MemoryEnd();
  const ended: { reason?: any } = {};
  transport.peer = { receiver: { receive() {}, close() {}, end() {} } } as never;
  const session = new RpcSession<any>(transport, main, plain(options));
  const api = session.getRemoteMain();
  api.onRpcBroken((reason: unknown) => {
    ended.reason = reason;
  });
  return {
    session,
    api,
    transport,
    ended,
    sent: transport.sent,
    say: (message: unknown) =>
      transport.receiver.receive(typeof message === "string" ? message : JSON.stringify(message)),
  };
}
