import { describe, expect, test } from "vitest";
import { RpcTarget } from "../src/index.ts";
import { FlowControl } from "../src/stream/flow-control.ts";
import { failure } from "./support/failure.ts";
import { pair, scripted, settle } from "./support/pair.ts";
import { Resources } from "./support/resources.ts";

class Api extends RpcTarget {
  readonly events: string[] = [];
  readonly chunks: unknown[] = [];
  gate: Promise<void> | undefined;

  source(...chunks: unknown[]) {
    const { events } = this;
    return new ReadableStream({
      pull(controller) {
        if (chunks.length === 0) controller.close();
        else controller.enqueue(chunks.shift());
      },
      cancel: (reason) => void events.push(`canceled: ${reason.message}`),
    });
  }
  sink() {
    const { chunks, events } = this;
    return new WritableStream({
      write: async (chunk) => {
        await this.gate;
        chunks.push(chunk);
      },
      close: () => void events.push("closed"),
      abort: (reason) => void events.push(`aborted: ${reason.message}`),
    });
  }
  async read(stream: ReadableStream) {
    for await (const chunk of stream as any) this.chunks.push(chunk);
    return this.chunks;
  }
  ignore(_stream: unknown) {}
}

async function readAll(stream: any) {
  const chunks: unknown[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

describe("reading a peer's stream", () => {
  test("gets chunks in order, and leaves nothing behind", async () => {
    const { api, isClean } = pair(new Api());
    expect(await readAll(await api.source(1, "two", { three: 3 }))).toEqual([
      1,
      "two",
      { three: 3 },
    ]);
    await settle();
    expect(isClean()).toBe(true);
  });

  test("cancels the source if it is canceled", async () => {
    const main = new Api();
    const { api, isClean } = pair(main);
    const stream = (await api.source(...Array(50).fill("x".repeat(20_000)))) as ReadableStream;
    const reader = stream.getReader();
    await reader.read();
    await reader.cancel(new Error("enough"));
    await settle();
    expect(main.events).toEqual([expect.stringMatching(/^canceled: /)]);
    expect(isClean()).toBe(true);
  });

  test("cancels a delivered stream that was never read, with its payload", async () => {
    const main = new Api();
    const { api, isClean } = pair(main);
    const chunks = Array(50).fill("x".repeat(20_000));
    const result = (await (api as any).source(...chunks)) as any;
    result[Symbol.dispose]();
    await settle();
    expect(main.events).toEqual([expect.stringMatching(/^canceled: /)]);
    expect(isClean()).toBe(true);
  });

  test("cancels a stream that was an argument and never read, when the call returns", async () => {
    const { api, isClean } = pair(new Api());
    const canceled: string[] = [];
    const stream = new ReadableStream({
      pull: (controller) => controller.enqueue("x".repeat(50_000)),
      cancel: (reason) => void canceled.push(reason.message),
    });
    await api.ignore(stream);
    await settle(20);
    expect(canceled).toEqual(["ReadableStream RPC stub was disposed without being consumed"]);
    expect(isClean()).toBe(true);
  });

  test("isn't possible for a locked stream, which is refused", () => {
    const { api, clientEnd } = pair(new Api());
    const stream = new ReadableStream();
    stream.getReader();
    expect(() => api.ignore(stream)).toThrow(/locked/);
    expect(clientEnd.sent).toEqual([]);
  });

  test("fails with the source's failure", async () => {
    const { api } = pair(new Api());
    const stream = new ReadableStream({
      pull(controller) {
        controller.error(new RangeError("dry"));
      },
    });
    expect((await failure(api.read(stream))).message).toBe("dry");
  });

  test("fails when the session ends", async () => {
    const { api, clientEnd } = pair(new Api());
    const stream = (await api.source(...Array(100).fill("x".repeat(20_000)))) as ReadableStream;
    const reader = stream.getReader();
    await reader.read();
    clientEnd.receiver.close(new Error("cut"));
    const rest = (async () => {
      while (!(await reader.read()).done);
    })();
    expect((await failure(rest)).message).toBe("cut");
  });

  test("gets stubs in chunks, which live until the chunk is disposed of", async () => {
    const resources = new Resources();
    class Main extends RpcTarget {
      resources() {
        return new ReadableStream({
          start(controller) {
            controller.enqueue({ resource: resources.make("a") });
            controller.close();
          },
        });
      }
    }
    const { api, isClean } = pair(new Main());
    const [chunk] = (await readAll(await api.resources())) as any[];
    expect(await chunk.resource.use()).toBe("used a");
    expect(resources.disposed).toEqual([]);
    chunk[Symbol.dispose]();
    await settle();
    expect(resources.disposed).toEqual(["a"]);
    expect(isClean()).toBe(true);
  });
});

describe("writing to a peer's stream", () => {
  test("resolves close() once everything was written", async () => {
    const main = new Api();
    const { api, isClean } = pair(main);
    const stream = (await api.sink()) as WritableStream;
    const writer = stream.getWriter();
    writer.write("a");
    writer.write("b");
    await writer.close();
    expect(main.chunks).toEqual(["a", "b"]);
    expect(main.events).toEqual(["closed"]);
    await settle();
    expect(isClean()).toBe(true);
  });

  test("waits for a slow reader once the window is full", async () => {
    const main = new Api();
    let open!: () => void;
    main.gate = new Promise((resolve) => {
      open = resolve;
    });
    const { api } = pair(main);
    const writer = ((await api.sink()) as WritableStream).getWriter();
    let written = 0;
    const chunk = "x".repeat(32 * 1024);
    const all = (async () => {
      for (let i = 0; i < 64; i++) {
        await writer.write(chunk);
        written++;
      }
    })();
    await settle(50);
    // 256 KiB: eight chunks, including the one that fills the window.
    expect(written).toBeGreaterThan(4);
    expect(written).toBeLessThan(12);
    open();
    await all;
    expect(written).toBe(64);
  });

  test("reports a failed write at the next one, and at close()", async () => {
    class Main extends RpcTarget {
      sink() {
        return new WritableStream({
          write() {
            throw new Error("full");
          },
        });
      }
    }
    const { api, isClean } = pair(new Main());
    const writer = ((await api.sink()) as WritableStream).getWriter();
    writer.closed.catch(() => {});
    writer.ready.catch(() => {});
    await failure(
      writer
        .write("a")
        // The answer to a close that leaves before this one's may come first.
        .then(() => settle())
        .then(() => writer.write("b"))
        .then(() => writer.close()),
    );
    expect((await failure(writer.closed)).message).toBe("full");
    await settle();
    expect(isClean()).toBe(true);
  });

  test("aborts the stream if it is given up without close()", async () => {
    const main = new Api();
    const { api, isClean } = pair(main);
    const stream = (await api.sink()) as any;
    stream[Symbol.dispose]();
    await settle();
    expect(main.events).toEqual([
      "aborted: WritableStream RPC stub was disposed without calling close()",
    ]);
    expect(isClean()).toBe(true);
  });

  test("allows the peer only write, close and abort", async () => {
    const { say, sent } = scripted(new Api());
    say(["push", ["pipeline", 0, ["sink"], []]]);
    say(["pull", 1]);
    await settle();
    expect(sent.at(-1)).toEqual(["resolve", 1, ["writable", -1]]);
    say(["push", ["pipeline", -1, ["getWriter"], []]]);
    say(["pull", 2]);
    say(["push", ["pipeline", -1, ["closed"]]]);
    say(["pull", 3]);
    await settle();
    expect(sent.slice(-2).map(([tag]) => tag)).toEqual(["reject", "reject"]);
  });
});

describe("a blob", () => {
  test("is collected before delivery", async () => {
    class Main extends RpcTarget {
      async sizeOf({ blob }: { blob: Blob }) {
        return [blob.size, blob.type, await blob.text()];
      }
    }
    const { api, isClean } = pair(new Main());
    const blob = new Blob(["abc", "def"], { type: "text/x" });
    expect(await api.sizeOf({ blob })).toEqual([6, "text/x", "abcdef"]);
    await settle();
    expect(isClean()).toBe(true);
  });

  test("may be larger than a message", async () => {
    class Main extends RpcTarget {
      async bytesOf(blob: Blob) {
        return new Uint8Array(await blob.arrayBuffer());
      }
    }
    const { api } = pair(new Main(), { server: { limits: "server" } });
    const bytes = new Uint8Array(5_000_001).map((_, i) => i >> 10);
    const arrived = await api.bytesOf(new File([bytes], "large.bin"));
    expect(Buffer.compare(arrived, bytes)).toBe(0);
  });

  test("made of anything but bytes is refused", async () => {
    const { say, sent } = scripted(new Api());
    say(["pipe"]);
    say(["push", ["pipeline", 0, ["ignore"], [["blob", "t", ["readable", 1]]]]]);
    say(["pull", 2]);
    say(["stream", ["pipeline", 1, ["write"], ["text"]]]);
    await settle();
    expect(sent).toContainEqual([
      "reject",
      2,
      ["error", "TypeError", expect.stringMatching(/bytes/)],
    ]);
  });
});

describe("flow control of a stream", () => {
  /** Sends as much as the window allows. Each chunk is acknowledged a round trip later. */
  function simulate(rounds: number, roundTrip: (round: number) => number) {
    const flow = new FlowControl();
    const windows: number[] = [];
    let now = 0;
    for (let round = 0; round < rounds; round++) {
      const sent = [];
      while (flow.hasRoom) sent.push(flow.sent(16 * 1024, now));
      now += roundTrip(round);
      for (const each of sent) flow.acknowledged(each, now);
      windows.push(flow.window);
    }
    return windows;
  }

  test("starts at 256 KiB, and doubles while the connection takes it", () => {
    const windows = simulate(5, () => 50);
    expect(new FlowControl().window).toBe(256 * 1024);
    expect(windows[0]).toBe(512 * 1024);
    expect(windows[2]).toBe(2 * 1024 * 1024);
  });

  test("stays within 64 KiB and 1 GiB", () => {
    for (const windows of [simulate(60, () => 1), simulate(60, (round) => 10 * 1.5 ** round)]) {
      for (const window of windows) {
        expect(window).toBeGreaterThanOrEqual(64 * 1024);
        expect(window).toBeLessThanOrEqual(1024 ** 3);
      }
    }
  });

  test("shrinks by a tenth at most when the connection slows down", () => {
    const windows = simulate(20, (round) => (round < 5 ? 10 : 10_000));
    for (let i = 1; i < windows.length; i++) {
      expect(windows[i]! / windows[i - 1]!).toBeGreaterThanOrEqual(0.899);
    }
  });

  test("leaves a fast connection work while one end pauses", () => {
    // One round trip is short, and all others are longer because of the ends' other work.
    const windows = simulate(20, (round) => (round === 0 ? 0.1 : 1));
    expect(windows.at(-1)).toBeGreaterThan(windows[1]!);
  });
});
