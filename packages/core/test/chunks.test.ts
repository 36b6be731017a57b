// The writing end disposes of a chunk that no reader gets, whatever keeps the chunk from its
// reader.
import { describe, expect, test } from "vitest";
import { RpcTarget } from "../src/index.ts";
import { failure } from "./support/failure.ts";
import { scripted, settle } from "./support/pair.ts";
import { Resources } from "./support/resources.ts";
import { unhandledRejections } from "./support/unhandled.ts";

/** A sink whose methods behave as the test says. */
class Api extends RpcTarget {
  sink: UnderlyingSink = {};
  readonly resources = new Resources();
  reader: ReadableStreamDefaultReader<unknown> | undefined;
  open() {
    return new WritableStream(this.sink, { highWaterMark: 1 });
  }
  take(stream: ReadableStream) {
    this.reader = stream.getReader();
    return new Promise(() => {});
  }
  ignore() {}
  make() {
    return this.resources.make("made");
  }
  async size(blob: Blob) {
    return blob.size;
  }
  async fail() {
    throw new Error("failed");
  }
}

/** A peer that writes to a stream, with a stub in each chunk. */
function writing(api = new Api()) {
  const peer = scripted(api);
  const { say, sent } = peer;
  let stubs = 0;
  const stub = () => ["export", -++stubs];
  return {
    ...peer,
    main: api,
    stub,
    /** Calls a method of the writing end that the peer knows as `id`. */
    stream: (id: number, method: string, ...operands: unknown[]) =>
      say(["stream", ["pipeline", id, [method], operands]]),
    /** The stubs that were released. */
    released: () =>
      sent
        .filter(([tag]) => tag === "release")
        .map(([, id]) => id)
        .filter((id) => id < 0)
        .sort((a, b) => b - a),
    rejected: () => sent.filter(([tag]) => tag === "reject").map(([, id]) => id),
  };
}

/**
 * Makes the application open its sink.
 *
 * @returns the id under which the peer knows the sink's writing end
 */
async function open(peer: ReturnType<typeof writing>): Promise<number> {
  peer.say(["push", ["pipeline", 0, ["open"], []]]);
  peer.say(["pull", 1]);
  await settle();
  const [, , [tag, id]] = peer.sent.find(([tag]) => tag === "resolve")!;
  expect(tag).toBe("writable");
  peer.say(["release", 1, 1]);
  return id;
}

describe("a chunk for a sink", () => {
  test.each([
    [
      "whose write() throws",
      {
        write() {
          throw new Error("full");
        },
      },
    ],
    ["whose write() rejects", { write: () => Promise.reject(new Error("full")) }],
  ])("%s is disposed of, with those behind it", async (_, sink) => {
    const peer = writing();
    peer.main.sink = sink;
    const id = await open(peer);
    for (let i = 0; i < 3; i++) peer.stream(id, "write", { stub: peer.stub() });
    await settle();
    expect(peer.released()).toEqual([-1, -2, -3]);
    expect(peer.rejected()).toHaveLength(3);
  });

  test("that fails is disposed of with later chunks and operands", async () => {
    const peer = writing();
    peer.main.sink = {
      start: (controller) => controller.error(new Error("never was any good")),
    };
    const id = await open(peer);
    peer.stream(id, "write", peer.stub());
    peer.stream(id, "close", peer.stub());
    peer.stream(id, "abort", { reason: peer.stub() });
    await settle();
    expect(peer.released()).toEqual([-1, -2, -3]);
  });

  test("that was closed is disposed of", async () => {
    const peer = writing();
    const id = await open(peer);
    peer.stream(id, "close", peer.stub());
    peer.stream(id, "write", [[peer.stub()]]);
    await settle();
    peer.stream(id, "write", peer.stub());
    peer.stream(id, "close", peer.stub());
    await settle();
    expect(peer.released()).toEqual([-1, -2, -3, -4]);
  });

  test("that is busy is disposed of when the stream is aborted", async () => {
    const peer = writing();
    const written: any[] = [];
    let go!: () => void;
    peer.main.sink = {
      write(chunk) {
        written.push(chunk);
        return new Promise<void>((resolve) => (go = resolve));
      },
    };
    const id = await open(peer);
    for (let i = 0; i < 3; i++) peer.stream(id, "write", { stub: peer.stub() });
    peer.stream(id, "abort", peer.stub());
    await settle();
    expect(peer.released()).toEqual([]);
    go();
    await settle();
    // The sink owns the chunk that it has.
    expect(peer.released()).toEqual([-2, -3, -4]);
    written[0][Symbol.dispose]();
    expect(peer.released()).toEqual([-1, -2, -3, -4]);
  });

  test("that is busy is disposed of when the peer releases the stream", async () => {
    const peer = writing();
    let go!: () => void;
    peer.main.sink = { write: () => new Promise<void>((resolve) => (go = resolve)) };
    const id = await open(peer);
    for (let i = 0; i < 3; i++) peer.stream(id, "write", { stub: peer.stub() });
    peer.say(["release", id, 1]);
    await settle();
    go();
    await settle();
    expect(peer.released()).toEqual([-2, -3]);
  });

  test("is disposed of when a promise in it, or in an earlier chunk, fails", async () => {
    const peer = writing();
    peer.main.sink = {};
    const id = await open(peer);
    peer.say(["push", ["pipeline", 0, ["fail"], []]]);
    const failing = ["pipeline", 2];
    peer.stream(id, "write", [[peer.stub(), failing]]);
    peer.stream(id, "close", [[peer.stub(), failing]]);
    peer.stream(id, "abort", [[peer.stub(), failing]]);
    await settle();
    expect(peer.released()).toEqual([-1, -2, -3]);
  });

  test("is disposed of if it isn't delivered before the session ends", async () => {
    const peer = writing();
    let go!: () => void;
    peer.main.sink = { write: () => new Promise<void>((resolve) => (go = resolve)) };
    const id = await open(peer);
    peer.say(["push", ["pipeline", 0, ["make"], []]]);
    // The first chunk is at the sink. The others wait for it, and for a promise.
    peer.stream(id, "write", 1);
    peer.stream(id, "write", ["import", 2]);
    peer.stream(id, "write", [
      [
        ["import", 2],
        ["promise", -10],
      ],
    ]);
    peer.say(["release", 2, 1]);
    await settle();
    const { disposed } = peer.main.resources;
    expect(disposed).toEqual([]);
    peer.transport.receiver.close(new Error("cut"));
    go();
    await settle();
    expect(disposed).toEqual(["made"]);
  });
});

test("operands after a chunk are disposed of at once, and the chunk by its reader", async () => {
  const peer = writing();
  const written: any[] = [];
  peer.main.sink = { write: (chunk) => void written.push(chunk) };
  const id = await open(peer);
  peer.stream(id, "write", { stub: peer.stub() }, peer.stub());
  await settle();
  expect(peer.released()).toEqual([-2]);
  written[0][Symbol.dispose]();
  expect(peer.released()).toEqual([-1, -2]);
});

test("a pipe closed with its own reading end disposes of its chunks", async () => {
  const peer = writing();
  peer.say(["pipe"]);
  peer.stream(1, "write", { stub: peer.stub(), promise: ["promise", -2] });
  peer.stream(1, "close", ["readable", 1]);
  peer.say(["resolve", -2, 0]);
  await settle();
  expect(peer.released()).toEqual([-1, -2]);
});

describe("a chunk of our own stream", () => {
  test("that was read before the session ends is disposed of, and its source canceled", async () => {
    const { api, transport } = scripted();
    const resources = new Resources();
    const canceled: unknown[] = [];
    const stream = new ReadableStream(
      {
        pull(controller) {
          controller.enqueue(resources.make("chunk"));
          transport.receiver.close(new Error("cut"));
        },
        cancel: (reason) => void canceled.push(reason.message),
      },
      { highWaterMark: 0 },
    );
    const taken = failure(api.take(stream));
    expect(stream.locked).toBe(true);
    expect((await taken).message).toBe("cut");
    await settle();
    expect(resources.disposed).toEqual(["chunk"]);
    expect(canceled).toEqual(["cut"]);
    expect(stream.locked).toBe(false);
  });
});

describe("a chunk in a pipe", () => {
  /** A pipe whose reading end the application has, and whose writing end is the peer's import 1. */
  const piped = async (method = "take") => {
    const peer = writing();
    peer.say(["pipe"]);
    peer.say(["stream", ["pipeline", 0, [method], [["readable", 1]]]]);
    await settle();
    return peer;
  };

  test("belongs to the reader once it is read", async () => {
    const peer = await piped();
    peer.stream(1, "write", { stub: peer.stub() });
    const { value } = (await peer.main.reader!.read()) as any;
    await settle();
    expect(peer.released()).toEqual([]);
    value[Symbol.dispose]();
    expect(peer.released()).toEqual([-1]);
  });

  test.each<readonly [string, (peer: Awaited<ReturnType<typeof piped>>) => unknown]>([
    ["the reader cancels", ({ main }) => main.reader!.cancel(new Error("enough"))],
    ["the writer aborts", ({ stream }) => stream(1, "abort", ["error", "Error", "no more"])],
    ["the peer lets go of it", ({ say }) => say(["release", 1, 1])],
  ])("is disposed of unread when %s", async (_, end) => {
    const peer = await piped();
    const first = peer.main.reader!.read() as any;
    for (let i = 0; i < 4; i++) peer.stream(1, "write", { stub: peer.stub() });
    await first;
    await settle();
    const unhandled = await unhandledRejections(() => void end(peer));
    expect(unhandled).toEqual([]);
    expect(peer.released()).toEqual([-2, -3, -4]);
  });

  test("is disposed of if it arrives after the reader canceled, or after the call", async () => {
    for (const method of ["take", "ignore"]) {
      const peer = await piped(method);
      await peer.main.reader?.cancel();
      for (let i = 0; i < 3; i++) peer.stream(1, "write", { stub: peer.stub() });
      peer.stream(1, "close");
      await settle();
      expect(peer.released()).toEqual([-1, -2, -3]);
    }
  });

  test("is disposed of if the application never claims the pipe", async () => {
    const peer = writing();
    peer.say(["pipe"]);
    for (let i = 0; i < 3; i++) peer.stream(1, "write", { stub: peer.stub() });
    await settle();
    peer.say(["release", 1, 1]);
    await settle();
    expect(peer.released()).toEqual([-1, -2, -3]);
  });
});

describe("a blob", () => {
  test("disposes of its parts if they aren't bytes", async () => {
    for (const chunk of [
      (stub: unknown) => stub,
      (stub: unknown) => ({ stub }),
      (stub: unknown) => [[stub]],
      (stub: unknown) => ["error", "Error", "m", null, { stub }],
    ]) {
      const peer = writing();
      peer.say(["pipe"]);
      peer.say(["push", ["pipeline", 0, ["size"], [["blob", "", ["readable", 1]]]]]);
      peer.say(["pull", 2]);
      peer.stream(1, "write", ["bytes", "AAAA"]);
      for (let i = 0; i < 3; i++) peer.stream(1, "write", chunk(peer.stub()));
      await settle();
      expect(peer.released()).toEqual([-1, -2, -3]);
      const [, , reason] = peer.sent.find(([tag, id]) => tag === "reject" && id === 2)!;
      expect(reason[2]).toBe("Blob content must be bytes.");
    }
  });
});
