import { newWebTransportRpcSession as newSession } from "@capnweb/transport-webtransport";
import { describe, expect, test, vi } from "vitest";
import { newWebTransportRpcSession } from "../src/node.ts";
import type { Api } from "./support/api.ts";
import { broken, relay, serve, trusting } from "./support/serve.ts";

describe("a session in Node over HTTP/2", () => {
  test("calls, pipelines, maps and fails", async () => {
    const { open } = await serve();
    using api = open();
    expect(await api.add(1, 2)).toBe(3);
    expect(await api.item(api.add(3, 4)).name()).toBe("item 7");
    expect([...(await api.list().map((id: any) => api.item(id).name()))]).toEqual([
      "item 1",
      "item 2",
      "item 3",
    ]);
    await expect(api.fail()).rejects.toThrow(new RangeError("failed"));
  });

  test("lets the server call the client", async () => {
    const { open } = await serve();
    using api = open();
    expect(await api.call((value: number) => value * 2, 21)).toBe(42);
  });

  test("carries 10 MB through a stream each way", async () => {
    const { open } = await serve();
    using api = open();
    let size = 0;
    for await (const chunk of await api.stream(200, 50_000)) size += chunk.byteLength;
    expect(size).toBe(10_000_000);
    let left = 200;
    const up = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (left-- === 0) controller.close();
        else controller.enqueue(new Uint8Array(50_000));
      },
    });
    expect(await api.sizeOf(up)).toBe(10_000_000);
  });

  test("carries 10 MB in a message", async () => {
    const { open } = await serve({
      limits: { maxMessageSize: 10_100_000, maxFrameSize: 10_100_000 },
    });
    using api = open();
    expect(await api.text(10_000_000)).toHaveLength(10_000_000);
    expect(await api.echo("é".repeat(5_000_000))).toHaveLength(5_000_000);
  });

  test("carries 10,000 concurrent calls", async () => {
    const { open } = await serve();
    using api = open();
    const sums = await Promise.all(Array.from({ length: 10_000 }, (_, i) => api.add(i, 1)));
    expect(sums).toEqual(sums.map((_, i) => i + 1));
  });

  test("ends on both sides when the client disposes of the main stub", async () => {
    const { open, server, disposed } = await serve();
    const api = open();
    await api.add(1, 1);
    expect(server.sessionCount).toBe(1);
    api[Symbol.dispose]();
    await vi.waitFor(() => expect(server.sessionCount).toBe(0));
    expect(disposed).toEqual(["main"]);
  });

  test("sends its calls before it ends, if disposed of while connecting", async () => {
    const { open, server, disposed } = await serve();
    const api = open();
    api.add(1, 1).then(null, () => {});
    api[Symbol.dispose]();
    await vi.waitFor(() => expect(disposed).toEqual(["main"]));
    await vi.waitFor(() => expect(server.sessionCount).toBe(0));
  });

  test("breaks on both sides when the connection breaks", async () => {
    const { server, disposed } = await serve();
    const between = await relay(server.address.port);
    const url = `https://127.0.0.1:${between.port}/`;
    const api: any = newWebTransportRpcSession<Api>(url, undefined, trusting);
    await api.add(1, 1);
    const pending = api.never().catch((error: unknown) => error);
    between.cut();
    expect(await pending).toMatchObject({
      code: "WEBTRANSPORT_CLOSED",
      message: "The WebTransport connection was lost.",
    });
    await vi.waitFor(() => expect(disposed).toEqual(["main"]));
    between.close();
  });

  test("leaves nothing behind after 200 in a row", async () => {
    const { open, server, disposed } = await serve();
    for (let i = 0; i < 200; i++) {
      using api = open();
      expect(await api.add(i, 1)).toBe(i + 1);
    }
    await vi.waitFor(() => expect(server.sessionCount).toBe(0));
    expect(disposed).toHaveLength(200);
    // Sockets close a moment after their sessions.
    await vi.waitFor(() => expect(openSockets()).toBe(0));
  });
});

describe("a session in Node that can't be opened", () => {
  test.each([
    ["a port that nobody listens on", "https://127.0.0.1:1/", /Opening handshake failed/],
    ["a host that isn't there", "https://host.invalid/", /Opening handshake failed/],
  ])("fails with the cause: %s", async (_, url, cause) => {
    const error = await broken(newWebTransportRpcSession(url, undefined, trusting));
    expect(error).toMatchObject({
      code: "WEBTRANSPORT_CLOSED",
      message: "The WebTransport session could not be opened.",
    });
    expect(error.cause.message).toMatch(cause);
  });

  test("fails if the certificate isn't trusted", async () => {
    const { url } = await serve();
    const distrusting = {
      serverCertificateHashes: [{ algorithm: "sha-256", value: new Uint8Array(32) }],
    };
    for (const options of [{}, distrusting]) {
      const error = await broken(newWebTransportRpcSession(url, undefined, options));
      expect(error.message).toBe("The WebTransport session could not be opened.");
    }
  });

  test("opens with a hash that is a view of a larger buffer", async () => {
    const { url } = await serve();
    const { value } = trusting.serverCertificateHashes![0]!;
    const larger = new Uint8Array([1, 2, 3, ...(value as Uint8Array), 4]);
    const hashes = [{ algorithm: "sha-256", value: larger.subarray(3, 35) }];
    using api: any = newWebTransportRpcSession<Api>(url, undefined, {
      serverCertificateHashes: hashes,
    });
    expect(await api.add(1, 2)).toBe(3);
  });

  test("fails with the status if the path isn't served", async () => {
    const { url } = await serve();
    const error = await broken(newWebTransportRpcSession(`${url}other`, undefined, trusting));
    expect(error.cause.message).toBe(
      "The server answered the request for a session with status 404.",
    );
  });

  test("throws for text that isn't a URL of https:", () => {
    expect(() => newWebTransportRpcSession("nonsense")).toThrow(TypeError);
    expect(() => newWebTransportRpcSession("http://localhost/")).toThrow(/needs a URL of https:/);
  });

  test("throws in the main entry, with the remedy, if the runtime has no WebTransport", () => {
    expect(() => newSession("https://localhost/")).toThrow(
      /import from .*transport-webtransport\/node/,
    );
  });
});

function openSockets(): number {
  const handles = process.getActiveResourcesInfo();
  return handles.filter((name) => /^(TCPSocketWrap|TLSWrap)$/.test(name)).length;
}
