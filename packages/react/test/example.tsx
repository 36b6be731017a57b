import { type RpcStub, RpcTarget } from "@capnweb/core";
import { useConnection, useLive, useRpc } from "@capnweb/react";
import type { Connection } from "@capnweb/reconnect";
import { Suspense } from "react";

export class Api extends RpcTarget {
  profile(id: string) {
    return { name: `user ${id}` };
  }
  watchOnline() {
    return new ReadableStream<number>({ start: (stream) => stream.enqueue(7) });
  }
}

function Profile({ api, id }: { api: RpcStub<Api>; id: string }) {
  const { name } = useRpc(["profile", api, id], () => api.profile(id));
  return <h1>{name}</h1>;
}

function Online({ api }: { api: RpcStub<Api> }) {
  const { status, value } = useLive(["online", api], () => api.watchOnline());
  return <p>{status === "connecting" ? "…" : `${value} online`}</p>;
}

export function Page({ connection }: { connection: Connection<Api> }) {
  const isLost = useConnection(connection) === "interrupted";
  return (
    <Suspense fallback="Loading.">
      {isLost && <p>Connecting again.</p>}
      <Profile api={connection.api} id="42" />
      <Online api={connection.api} />
    </Suspense>
  );
}
