import type { Transport, TransportReceiver } from "@capnweb/core";
import { type AcceptedTransport, ResumeAcceptor, ResumingTransport } from "@capnweb/resume";
import { createMemoryLink, type MemoryLink } from "@capnweb/testkit";
import { describe, expect, it } from "vitest";
import { until } from "./network.ts";
import { RecordingReceiver } from "./recording-receiver.ts";
import { TestClock } from "./test-clock.ts";

interface Ends {
  readonly client: ResumingTransport;
  readonly server: AcceptedTransport;
  readonly atClient: RecordingReceiver;
  readonly atServer: RecordingReceiver;
  readonly links: MemoryLink[];
  readonly clock: TestClock;
  net: { isDown: boolean };
}

/** Two transports without sessions, which have exchanged their first messages. */
async function connect(buffer: number): Promise<Ends> {
  const clock = new TestClock();
  const links: MemoryLink[] = [];
  const net = { isDown: false };
  const acceptor = new ResumeAcceptor({ buffer, clock });
  const atClient = new RecordingReceiver();
  const atServer = new RecordingReceiver();
  let server!: AcceptedTransport;
  const client = new ResumingTransport(
    () => {
      if (net.isDown) throw new Error("down");
      const link = createMemoryLink();
      links.push(link);
      void acceptor.accept(link.server as any).then(({ kind, transport }) => {
        if (kind !== "new") return;
        server = transport;
        transport.start(atServer);
      }, noRefusal);
      return link.client as any;
    },
    { buffer, maxBuffered: 2 * buffer, clock, backoff: { min: 0 } },
  );
  client.start(atClient);
  await until(() => client.peer === "resumable" && server !== undefined);
  return { client, server, atClient, atServer, links, clock, net };
}

/** Tests look at the other end of a refused connection. */
const noRefusal = () => {};

const message = (length: number) => `["push","${"x".repeat(length)}"]`;

/** Cuts the connection, and lets the client try again and again in vain. */
function goAway({ net, links }: Ends): void {
  net.isDown = true;
  links.at(-1)!.cut();
}

async function comeBack({ net, client, clock }: Ends): Promise<void> {
  net.isDown = false;
  client.interrupt();
  clock.advance(1);
  await until(() => client.state !== "interrupted");
}

for (const side of ["client", "server"] as const) {
  describe(`the ${side}, away from its peer`, () => {
    it("holds streams back when the buffer is full, and loses nothing", async () => {
      const ends = await connect(10_000);
      const { [side]: own } = ends;
      const received = side === "client" ? ends.atServer : ends.atClient;
      expect(own.whenWritable!()).toBeUndefined();
      goAway(ends);
      own.send(message(5_000));
      expect(own.whenWritable!()).toBeUndefined();
      own.send(message(6_000));
      const writable = own.whenWritable!()!;
      let isWritable = false;
      void writable.then(() => {
        isWritable = true;
      });
      await Promise.resolve();
      expect(isWritable).toBe(false);
      await comeBack(ends);
      await until(() => received.frames.length === 2);
      ends.clock.advance(1_000);
      await until(() => isWritable);
      expect(received.frames).toEqual([message(5_000), message(6_000)]);
      expect(own.buffered).toBe(0);
    });

    it("ends the session when twice as much waits, beside the largest message", async () => {
      const ends = await connect(10_000);
      const { [side]: own } = ends;
      goAway(ends);
      own.send(message(100_000));
      own.send(message(19_000));
      expect(own.state).not.toBe("closed");
      expect(() => own.send(message(5_000))).toThrow(
        expect.objectContaining({ code: "RESUME_BUFFER_FULL" }),
      );
      expect(own.state).toBe("closed");
      expect(own.buffered).toBe(0);
    });
  });

  describe(`the ${side}, connected`, () => {
    it("goes on if more waits than the buffer holds, as long as the connection lasts", async () => {
      const ends = await connect(10_000);
      const { [side]: own } = ends;
      const received = side === "client" ? ends.atServer : ends.atClient;
      for (let i = 0; i < 100; i++) own.send(message(1_000 + i));
      expect(own.buffered).toBeLessThan(25_000);
      await until(() => received.frames.length === 100);
      await until(() => own.acknowledged > 90);
      ends.links.at(-1)!.cut();
      await comeBack(ends);
      own.send(message(1));
      await until(() => received.frames.length === 101);
      expect(own.state).toBe("open");
    });

    it("ends the session if the connection breaks meanwhile", async () => {
      const ends = await connect(10_000);
      const { [side]: own } = ends;
      for (let i = 0; i < 100; i++) own.send(message(1_000));
      // Nothing of it has arrived.
      ends.links.at(-1)!.cut();
      await comeBack(ends);
      await until(() => ends.client.state === "closed");
      const [reason] = ends.atClient.closed;
      expect(reason.message).toContain("than the buffer holds");
      expect(reason.code).toBe(side === "client" ? "RESUME_BUFFER_FULL" : "RESUME_REFUSED");
    });
  });
}

it("acknowledges after 64 KiB, a quarter of a small buffer, or a second", async () => {
  const ends = await connect(1 << 20);
  const { client, server, atServer, links } = ends;
  const acks = () =>
    links[0]!.sentBy("server").filter((each) => String(each).includes('"ack"')).length;
  client.send(message(60_000));
  await until(() => atServer.frames.length === 1);
  expect(acks()).toBe(0);
  client.send(message(6_000));
  await until(() => client.acknowledged === 2);
  expect(acks()).toBe(1);
  client.send(message(10));
  await until(() => atServer.frames.length === 3);
  ends.clock.advance(999);
  expect(acks()).toBe(1);
  ends.clock.advance(1);
  await until(() => client.acknowledged === 3);
  expect([client.sent, client.written, client.buffered]).toEqual([3, 3, 0]);
  expect(server.acknowledged).toBe(0);
  const small = await connect(4_000);
  small.client.send(message(1_000));
  await until(() => small.client.acknowledged === 1);
});

it("counts frames that never left", async () => {
  const ends = await connect(10_000);
  const { client } = ends;
  client.send(message(1));
  goAway(ends);
  client.send(message(2));
  client.send(message(3));
  expect([client.sent, client.written, client.acknowledged]).toEqual([3, 1, 0]);
  expect(client.isFull).toBe(false);
  client.send(message(9_900));
  expect(client.isFull).toBe(true);
  ends.clock.advance(120_000);
  expect(client.state).toBe("closed");
  expect(ends.atClient.closed[0].code).toBe("RESUME_EXPIRED");
  expect([client.sent, client.written]).toEqual([4, 1]);
});

it("hands on what arrives while it is paused", async () => {
  const ends = await connect(10_000);
  const { client, server, atClient, links } = ends;
  client.pause();
  server.send(message(1));
  await until(() => atClient.frames.length === 1);
  links[0]!.cut();
  server.send(message(2));
  await comeBack(ends);
  await until(() => atClient.frames.length === 2);
});

/** A medium whose transport notes when it is paused. */
class PausableTransport implements Transport {
  readonly calls: string[] = [];
  readonly #inner: any;
  constructor(inner: unknown) {
    this.#inner = inner;
  }
  start(receiver: TransportReceiver): void {
    this.#inner.start(receiver);
  }
  send(frame: unknown): void {
    this.#inner.send(frame);
  }
  pause(): void {
    this.calls.push("pause");
  }
  resume(): void {
    this.calls.push("resume");
  }
  abort(reason: unknown): void {
    this.#inner.abort(reason);
  }
}

it("stays paused on the next connection", async () => {
  const transports: PausableTransport[] = [];
  const acceptor = new ResumeAcceptor();
  const links: MemoryLink[] = [];
  const client = new ResumingTransport(
    () => {
      const link = createMemoryLink();
      links.push(link);
      void acceptor.accept(link.server as any).then(({ kind, transport }) => {
        if (kind === "new") transport.start(new RecordingReceiver());
      });
      transports.push(new PausableTransport(link.client));
      return transports.at(-1)!;
    },
    { backoff: { min: 0 } },
  );
  client.start(new RecordingReceiver());
  await until(() => client.peer === "resumable");
  client.pause();
  links[0]!.cut();
  await until(() => transports.length === 2 && client.state === "open");
  client.resume();
  expect(transports.map(({ calls }) => calls)).toEqual([["pause"], ["pause", "resume"]]);
});
