import type { Transport, TransportReceiver } from "@capnweb/core";
import { ResumeAcceptor, type ResumeStateChange, ResumingTransport } from "@capnweb/resume";
import { createMemoryLink, type MemoryLink } from "@capnweb/testkit";
import { describe, expect, it } from "vitest";
import { until } from "./network.ts";
import { RecordingReceiver } from "./recording-receiver.ts";

/** A connection that a test controls at both ends, and that never notices its end by itself. */
class StubbornTransport implements Transport {
  receiver!: TransportReceiver;
  readonly sent: string[] = [];
  readonly aborted: unknown[] = [];
  other: StubbornTransport | undefined;

  start(receiver: TransportReceiver): void {
    this.receiver = receiver;
  }

  send(frame: unknown): void {
    this.sent.push(frame as string);
    queueMicrotask(() => this.other?.receiver.receive(frame));
  }

  abort(reason: unknown): void {
    this.aborted.push(reason);
  }
}

function pair(): { client: StubbornTransport; server: StubbornTransport } {
  const client = new StubbornTransport();
  const server = new StubbornTransport();
  client.other = server;
  server.other = client;
  return { client, server };
}

async function connect() {
  const pairs: ReturnType<typeof pair>[] = [];
  const changes: ResumeStateChange[] = [];
  const acceptor = new ResumeAcceptor();
  const atClient = new RecordingReceiver();
  const atServer = new RecordingReceiver();
  const kinds: string[] = [];
  const client = new ResumingTransport(
    () => {
      pairs.push(pair());
      const { client, server } = pairs.at(-1)!;
      void acceptor.accept(server).then(({ kind, transport }) => {
        kinds.push(kind);
        if (kind === "new") transport.start(atServer);
      });
      return client;
    },
    { backoff: { min: 0 }, onStateChange: (change) => changes.push(change) },
  );
  client.start(atClient);
  await until(() => kinds.length === 1 && client.peer === "resumable");
  return { client, pairs, changes, kinds, atClient, atServer, acceptor };
}

describe("an old connection can't harm the new one", () => {
  it("by a late close, a late error, or late frames", async () => {
    const { client, pairs, changes, kinds, atClient, atServer, acceptor } = await connect();
    client.interrupt(new Error("no answer to a probe"));
    await until(() => kinds.length === 2 && client.state === "open");
    const [old] = pairs;
    expect(old!.client.aborted).toHaveLength(1);
    expect(old!.server.aborted).toHaveLength(1);
    for (const end of [old!.client, old!.server]) {
      end.receiver.receive('["push",1]');
      end.receiver.receive('["reject",2147483647,{"capnweb":{"closed":{"reason":"late"}}}]');
      end.receiver.receive('["reject",2147483647,{"capnweb":{"ack":1000}}]');
      end.receiver.end(new Error("late end"));
      end.receiver.close(new Error("late close"));
    }
    client.send('["push",2]');
    await until(() => atServer.frames.length === 1);
    expect(atServer.frames).toEqual(['["push",2]']);
    expect(atClient.frames).toEqual([]);
    expect([...atClient.closed, ...atServer.closed]).toEqual([]);
    expect(acceptor.detached).toBe(0);
    expect(changes.map(({ state, outcome }) => [state, outcome])).toEqual([
      ["open", undefined],
      ["interrupted", undefined],
      ["open", "resumed"],
    ]);
  });

  it("by an attempt that succeeds after it was given up", async () => {
    let answer!: (transport: Transport) => void;
    let attempts = 0;
    const { client, server } = pair();
    const acceptor = new ResumeAcceptor();
    void acceptor.accept(server);
    const transport = new ResumingTransport(({ signal }) => {
      if (attempts++ > 0) return client;
      return new Promise((resolve) => {
        answer = resolve;
        expect(signal.aborted).toBe(false);
      });
    });
    transport.start(new RecordingReceiver());
    await until(() => attempts === 1);
    transport.interrupt();
    await until(() => transport.peer === "resumable");
    const late = new StubbornTransport();
    answer(late);
    await until(() => late.aborted.length === 1);
    expect(transport.state).toBe("open");
    expect(late.sent).toEqual([]);
  });
});

describe("connections of other kinds", () => {
  const open = (transport: Transport) => {
    const resuming = new ResumingTransport(() => transport);
    const receiver = new RecordingReceiver();
    resuming.start(receiver);
    return { resuming, receiver };
  };

  it("end the session with an error that names the remedy", async () => {
    const clones: Transport = createMemoryLink({ encodingLevel: "structuredClonable" })
      .client as any;
    const { resuming, receiver } = open(clones);
    await until(() => resuming.state === "closed");
    expect(receiver.closed[0].code).toBe("RESUME_MISMATCH");
    expect(receiver.closed[0].message).toContain('Set encodingLevel: "structuredClonable"');
  });

  it("end the session if only some of them carry binary frames", async () => {
    const links: MemoryLink[] = [];
    const acceptor = new ResumeAcceptor();
    const resuming = new ResumingTransport(
      () => {
        const link = createMemoryLink();
        links.push(link);
        const server = Object.assign(link.server, { isBinary: links.length === 1 });
        acceptor.accept(server as any).catch(() => {});
        return Object.assign(link.client, { isBinary: links.length === 1 }) as any;
      },
      { backoff: { min: 0 } },
    );
    const receiver = new RecordingReceiver();
    resuming.start(receiver);
    await until(() => resuming.peer === "resumable");
    links[0]!.cut();
    await until(() => resuming.state === "closed");
    expect(receiver.closed[0].message).toContain("doesn't carry binary frames");
  });
});

describe("attempts to connect", () => {
  it("go on after errors, until the application says that they don't help", async () => {
    const errors = [new Error("refused"), new Error("refused"), new Error("locked")];
    const attempts: number[] = [];
    const failed: number[] = [];
    const transport = new ResumingTransport(
      ({ attempt }) => {
        attempts.push(attempt);
        throw errors[attempt];
      },
      {
        backoff: { min: 0 },
        shouldRetry(error, attempt) {
          failed.push(attempt);
          return (error as Error).message !== "locked";
        },
      },
    );
    const receiver = new RecordingReceiver();
    transport.start(receiver);
    await until(() => transport.state === "closed");
    expect(attempts).toEqual([0, 1, 2]);
    expect(failed).toEqual([0, 1, 2]);
    expect(receiver.closed).toEqual([errors[2]]);
  });

  it("end at once for a malformed URL, and when the signal is aborted", async () => {
    const malformed = new ResumingTransport(() => {
      throw new SyntaxError("no URL");
    });
    const receiver = new RecordingReceiver();
    malformed.start(receiver);
    await until(() => malformed.state === "closed");
    expect(receiver.closed[0]).toBeInstanceOf(SyntaxError);
    const controller = new AbortController();
    let given!: AbortSignal;
    const waiting = new ResumingTransport(
      ({ signal }) => {
        given = signal;
        return new Promise(() => {});
      },
      { signal: controller.signal },
    );
    const other = new RecordingReceiver();
    waiting.start(other);
    await until(() => given !== undefined);
    controller.abort(new Error("closed by the user"));
    expect(other.closed).toEqual([controller.signal.reason]);
    expect(given.aborted).toBe(true);
  });
});
