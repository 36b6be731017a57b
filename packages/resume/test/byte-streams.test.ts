import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { Duplex } from "node:stream";
import { RpcSession, RpcTarget } from "@capnweb/core";
import { ResumeAcceptor, ResumingTransport } from "@capnweb/resume";
import { ByteStreamTransport } from "@capnweb/transport-webtransport";
import { expect, it } from "vitest";

class Api extends RpcTarget {
  echo(value: unknown) {
    return value;
  }
}

function overSocket(socket: Socket): ByteStreamTransport {
  const { readable, writable } = Duplex.toWeb(socket) as any;
  return new ByteStreamTransport({ readable, writable, close: () => void socket.destroy() });
}

it("goes on over other byte streams, as those of WebTransport, cut within frames", async () => {
  const acceptor = new ResumeAcceptor();
  const sockets: Socket[] = [];
  const server = createServer(async (socket) => {
    sockets.push(socket);
    const { kind, transport } = await acceptor.accept(overSocket(socket));
    if (kind !== "resumed") new RpcSession(transport, new Api(), { announce: "reply" });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const transport = new ResumingTransport(
    async () => {
      const socket = connect(port, "127.0.0.1");
      await once(socket, "connect");
      return overSocket(socket);
    },
    { backoff: { min: 1, max: 5 } },
  );
  const api = new RpcSession<any>(transport).getRemoteMain();
  expect(await api.echo("first")).toBe("first");
  const bytes = Buffer.alloc(300_000, 7);
  for (let i = 0; i < 5; i++) {
    const echoed = api.echo(bytes);
    const socket = sockets.at(-1)!;
    // The first part of the frame has arrived.
    socket.once("data", () => socket.destroy());
    expect(bytes.equals(await echoed)).toBe(true);
  }
  expect(sockets).toHaveLength(6);
  api[Symbol.dispose]();
  acceptor.dispose();
  server.close();
});
