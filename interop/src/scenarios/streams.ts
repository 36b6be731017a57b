import { outcome, type Scenario } from "./scenario.ts";
import { shown } from "./values.ts";

async function readAll(stream: any): Promise<unknown[]> {
  const chunks: unknown[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

export const streamScenarios: Scenario[] = [
  {
    name: "stream: read from the server",
    run: async ({ api }) => readAll(await api.countTo(5)),
  },
  {
    name: "stream: empty",
    run: async ({ api }) => readAll(await api.countTo(0)),
  },
  {
    name: "stream: read by the server",
    isPiped: true,
    run: async ({ api }) =>
      shown(
        await api.collect(
          new ReadableStream({
            start(controller) {
              controller.enqueue("a");
              controller.enqueue({ b: new Date(0) });
              controller.enqueue(new Uint8Array([1, 2]));
              controller.close();
            },
          }),
        ),
      ),
  },
  {
    name: "stream: fails while read",
    deviates: {
      where: "bytes",
      why: "a chunk that was read before the failure came is acknowledged as written",
    },
    async run({ api }) {
      const reader = (await api.brokenStream()).getReader();
      const seen: unknown[] = [];
      const result = await outcome(
        (async () => {
          for (;;) {
            const { done, value } = await reader.read();
            if (done) return "done";
            seen.push(value);
          }
        })(),
      );
      return result;
    },
  },
  {
    name: "stream: never read",
    async run({ api, events, settle }) {
      const stream = await api.countTo(3);
      await settle();
      await stream.cancel(new Error("not wanted"));
      await settle();
      return events;
    },
  },
  {
    name: "stream: of stubs",
    deviates: {
      where: "bytes",
      why: "acknowledgements of chunks and the reader's calls are sent in no fixed order",
    },
    async run({ api }) {
      const results: unknown[] = [];
      for await (const counter of await api.streamOfCounters()) {
        results.push(await counter.increment());
        counter[Symbol.dispose]();
      }
      return results;
    },
  },
  {
    name: "stream: written to the server",
    async run({ api, events, settle }) {
      const writer = (await api.sink()).getWriter();
      await writer.write("x");
      await writer.write([1]);
      await writer.close();
      await settle();
      return [await api.collected(), events];
    },
  },
  {
    name: "stream: aborted by the writer",
    async run({ api, events, settle }) {
      const writer = (await api.sink()).getWriter();
      await writer.write("x");
      await writer.abort(new Error("changed my mind"));
      await settle();
      return [await api.collected(), events];
    },
  },
  {
    name: "stream: the writing end fails",
    deviates: { where: "client", why: "the reference's close() doesn't say what had failed" },
    async run({ api, settle }) {
      const writer = (await api.brokenSink()).getWriter();
      writer.closed.catch(() => {});
      writer.ready.catch(() => {});
      await outcome(writer.write("x"));
      await settle();
      return outcome(writer.close());
    },
  },
  {
    name: "stream: written by the server",
    async run({ api }) {
      const seen: unknown[] = [];
      const stream = new WritableStream({
        write(chunk) {
          seen.push(chunk);
        },
        close() {
          seen.push("closed");
        },
      });
      return [await api.writeTo(stream, "a", { b: 2 }), seen];
    },
  },
  {
    name: "stream: passed through",
    deviates: {
      where: "client",
      why: "the reference doesn't take the streams of a TransformStream on every Node",
    },
    async run({ api }) {
      return api.collect(
        new ReadableStream({
          start(controller) {
            controller.enqueue(1);
            controller.close();
          },
        }).pipeThrough(new TransformStream()),
      );
    },
  },
  {
    name: "stream: many bytes from the server",
    async run({ api }) {
      let size = 0;
      for await (const chunk of await api.bytes(40, 16384)) size += chunk.byteLength;
      return size;
    },
  },
  {
    name: "stream: many bytes to the server",
    isPiped: true,
    async run({ api }) {
      let left = 40;
      return api.collectBytes(
        new ReadableStream({
          pull(controller) {
            if (left-- === 0) controller.close();
            else controller.enqueue(new Uint8Array(16384));
          },
        }),
      );
    },
  },
  {
    name: "blob: both ways",
    isPiped: true,
    ...(process.versions.node.startsWith("22.") && {
      deviates: {
        where: "server",
        why: "on Node 22 the reference can't send on the Blobs that it received",
      } as const,
    }),
    async run({ api }) {
      const blob = new Blob(["some text"], { type: "text/plain" });
      const back = await api.echo(blob);
      return [await api.textOf(blob), back.type, await back.text()];
    },
  },
  {
    name: "request: to the server",
    isPiped: true,
    isReadByPlatform: true,
    run: async ({ api }) =>
      api.requestParts(
        new Request("http://example.com/p", {
          method: "POST",
          headers: { "X-A": "1" },
          body: "posted",
        }),
      ),
  },
  {
    name: "request: without a body",
    oneBatch: true,
    run: async ({ api }) => api.requestParts(new Request("http://example.com/get")),
  },
  {
    name: "response: from the server",
    async run({ api }) {
      const response = await api.response();
      return [
        response.status,
        response.statusText,
        response.headers.get("x-a"),
        await response.text(),
      ];
    },
  },
];
