import { breakStub, type RpcCompatible, type RpcSession, RpcStub } from "@capnweb/core";
import type { SessionRequest } from "@capnweb/core/server";
import type { HostedClient } from "./host-options.ts";
import type { HostedSession } from "./hosted-session.ts";

/** The client of a session, or of a batch, for the function that makes its main object. */
export function hostedClient<T extends RpcCompatible<T>>(
  entry: HostedSession,
  request: SessionRequest,
  session: RpcSession<any> | undefined,
): HostedClient<T> {
  let unreachable: RpcStub<any> | undefined;
  return {
    session: entry,
    request,
    get client(): any {
      if (session) return session.getRemoteMain();
      unreachable ??= unreachableClient();
      return unreachable;
    },
  };
}

/** A stub whose calls fail, for the client of a batch. */
function unreachableClient(): RpcStub<any> {
  const stub = new RpcStub<any>(() => {});
  const message = "The client of an HTTP batch can't answer. Call it over a WebSocket.";
  breakStub(stub, new Error(message));
  return stub;
}
