import { makeTarget } from "./capabilities.ts";
import type { Kind, World } from "./world.ts";

const readable = (world: World, ...chunks: unknown[]) =>
  new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
    cancel(reason) {
      world.note(`source canceled: ${reason?.message ?? reason}`);
    },
  });

const writable = (world: World) =>
  new WritableStream({
    write(chunk) {
      world.note(`sink got ${String(chunk)}`);
    },
    close() {
      world.note("sink closed");
    },
    abort(reason) {
      world.note(`sink aborted: ${reason?.message ?? reason}`);
    },
  });

/** Streams and values with bodies, by the expression that makes them. */
const makers: Readonly<Record<string, (world: World) => unknown>> = {
  "a readable": (world) => readable(world, "one", "two"),
  "an empty readable": (world) => readable(world),
  "a readable of targets": (world) => readable(world, makeTarget(world, "chunk")),
  "a readable that fails": () =>
    new ReadableStream({
      start(controller) {
        controller.error(new RangeError("the source failed"));
      },
    }),
  "a readable that is idle": (world) =>
    new ReadableStream({
      cancel(reason) {
        world.note(`source canceled: ${reason?.message ?? reason}`);
      },
    }),
  "a locked readable": (world) => {
    const stream = readable(world, "one");
    stream.getReader();
    return stream;
  },
  "a writable": writable,
  "a writable that fails": () =>
    new WritableStream({
      write() {
        throw new RangeError("the sink failed");
      },
    }),
  "a locked writable": (world) => {
    const stream = writable(world);
    stream.getWriter();
    return stream;
  },
  Headers: () =>
    new Headers([
      ["b", "2"],
      ["a", "1"],
      ["a", "3"],
    ]),
  "a Request": () => new Request("https://example.com/", { headers: { "x-a": "b" } }),
  "a Request with a body": () =>
    new Request("https://example.com/", { method: "POST", body: "the body" }),
  "a Response": () => new Response(null, { status: 204 }),
  "a Response with a body": () => new Response("the body", { headers: { "x-a": "b" } }),
  "a Blob": () => new Blob(["the blob"], { type: "text/plain" }),
  "a File": () => new File(["the file"], "name.txt"),
};

export const mediaKinds: readonly Kind[] = Object.entries(makers).map(([name, make]) => ({
  name,
  make,
}));
