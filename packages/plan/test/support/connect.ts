import { RpcSession, type RpcStub, type Transport, type TransportReceiver } from "@capnweb/core";

/** One end of a connection in memory. Messages of one turn arrive in that turn. */
class End implements Transport {
  peer!: End;
  #receiver!: TransportReceiver;

  start(receiver: TransportReceiver): void {
    this.#receiver = receiver;
  }

  send(message: unknown): void {
    queueMicrotask(() => this.peer.#receiver.receive(message));
  }

  abort(reason: unknown): void {
    queueMicrotask(() => this.peer.#receiver.close(reason));
  }
}

/** A client and a server session, connected in memory. */
export function connect<T extends object>(main: T) {
  const [clientEnd, serverEnd] = [new End(), new End()];
  clientEnd.peer = serverEnd;
  serverEnd.peer = clientEnd;
  // Otherwise, the calls of a busy machine would be handled in several turns.
  const options = { limits: { turnBudget: Number.POSITIVE_INFINITY } };
  const server = new RpcSession<any>(serverEnd, main, options);
  const client = new RpcSession<any>(clientEnd, undefined, options);
  return {
    api: client.getRemoteMain() as any as RpcStub<T>,
    server,
    /** True if both sessions hold only their main objects. */
    isClean: () =>
      [client, server].every((each) => {
        const { imports, exports } = each.getStats();
        return imports === 1 && exports === 1;
      }),
  };
}
