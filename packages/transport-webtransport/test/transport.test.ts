import { startSession } from "@capnweb/core";
import { expect, test } from "vitest";
import { webTransportTransport } from "../src/node.ts";
import type { Api } from "./support/api.ts";
import { serve, trusting } from "./support/serve.ts";

test("webTransportTransport() opens a transport for a session of one's own", async () => {
  const { url } = await serve();
  const transport = await webTransportTransport(url, trusting);
  using api = startSession<Api>(transport);
  expect(await api.add(1, 2)).toBe(3);
});

test("webTransportTransport() gives up when its signal aborts, or the server is away", async () => {
  const reason = new Error("left");
  await expect(
    webTransportTransport("https://localhost:1", { signal: AbortSignal.abort(reason) }),
  ).rejects.toBe(reason);
  await expect(webTransportTransport("https://localhost:1")).rejects.toThrow();
  const controller = new AbortController();
  const opening = webTransportTransport(
    {
      ready: new Promise(() => {}),
      closed: new Promise(() => {}),
      createBidirectionalStream: () => new Promise<never>(() => {}),
      close() {},
    },
    { signal: controller.signal },
  );
  controller.abort(reason);
  await expect(opening).rejects.toBe(reason);
});
