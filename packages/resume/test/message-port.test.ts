import { MessageChannel } from "node:worker_threads";
import { RpcSession, RpcTarget } from "@capnweb/core";
import { ResumeAcceptor, ResumingTransport } from "@capnweb/resume";
import { MessagePortTransport } from "@capnweb/transport-messageport";
import { expect, it } from "vitest";

class Api extends RpcTarget {
  echo(value: unknown) {
    return value;
  }
}

it("goes on over another message port, with values as clones", async () => {
  const acceptor = new ResumeAcceptor();
  const channels: MessageChannel[] = [];
  const kinds: string[] = [];
  const transport = new ResumingTransport(
    () => {
      const channel = new MessageChannel();
      channels.push(channel);
      const { port1, port2 } = channel;
      void acceptor.accept(new MessagePortTransport(port2)).then(({ kind, transport }) => {
        kinds.push(kind);
        if (kind !== "resumed") new RpcSession(transport, new Api(), { announce: "reply" });
      });
      return new MessagePortTransport(port1);
    },
    { encodingLevel: "structuredClonable", backoff: { min: 0 } },
  );
  const session = new RpcSession<any>(transport);
  const api = session.getRemoteMain();
  const value = { at: new Date(7), big: 3n, bytes: new Uint8Array([1, 2]) };
  expect(await api.echo(value)).toEqual(value);
  channels[0]!.port2.close();
  expect(await api.echo(value)).toEqual(value);
  transport.interrupt();
  expect(await api.echo([value])).toEqual([value]);
  expect(kinds).toEqual(["new", "resumed", "resumed"]);
  api[Symbol.dispose]();
  acceptor.dispose();
});
