// Runs in a page, and tries everything that a session over the browser's own WebTransport has to
// do. The page's hash names the program and the server. The result is printed as one line of JSON.
import {
  newWebTransportRpcSession,
  type WebTransportSessionOptions,
} from "@capnweb/transport-webtransport";
import type { Api } from "./api.ts";

const { program, url, hash } = JSON.parse(decodeURIComponent(location.hash.slice(1)));

const programs: Record<string, () => Promise<unknown>> = {
  async everything() {
    const api = open();
    const results = {
      call: await api.add(1, 2),
      pipelined: await api.item(api.add(3, 4)).name(),
      callback: await api.call((value: number) => value * 2, 20),
      map: [...(await api.list().map((id: any) => api.item(id).name()))],
      error: await api.fail().catch((error: Error) => `${error.name}: ${error.message}`),
      "stream down": await sizeOf(await api.stream(200, 50_000)),
      "stream up": await api.sizeOf(streamOf(200, 50_000)),
      "text of 5 MB": (await api.echo("é".repeat(2_500_000))).length,
      "10,000 calls": sum(
        await Promise.all(Array.from({ length: 10_000 }, (_, i) => api.add(i, 1))),
      ),
      values: String(await api.echo([10n, new Date(5), undefined])),
      blob: await (await api.echo(new Blob(["text"]))).text(),
    };
    api[Symbol.dispose]();
    return results;
  },

  async "the server ends the session"() {
    const api = open();
    const reason = broken(api);
    api.end().catch(() => {});
    return described(await reason);
  },

  async "the connection is cut"() {
    const api = open();
    await api.add(1, 1);
    const pending = api.never().catch(described);
    api.cut().catch(() => {});
    return pending;
  },

  async "the other end is stopped"() {
    const api = open({ keepAlive: { interval: 100, timeout: 3_000 } });
    await api.add(1, 1);
    const pending = api.never().catch(described);
    api.stop().catch(() => {});
    return pending;
  },

  async "the page goes away"() {
    return await open().add(1, 2);
  },

  async "the certificate is another"() {
    const other = { algorithm: "sha-256", value: new Uint8Array(32) };
    return described(await broken(open({ serverCertificateHashes: [other] })));
  },
};

try {
  console.log(JSON.stringify(await programs[program]!()));
} catch (error) {
  console.log(JSON.stringify({ failed: String((error as Error).stack) }));
}

function open(options: WebTransportSessionOptions = {}): any {
  return newWebTransportRpcSession<Api>(url, undefined, {
    serverCertificateHashes: [{ algorithm: "sha-256", value: Uint8Array.from(hash) }],
    ...options,
  });
}

function broken(api: any): Promise<Error> {
  return new Promise((resolve) => api.onRpcBroken(resolve));
}

function described(error: any): string {
  return `${error.code}: ${error.message}`;
}

function sum(numbers: number[]): number {
  return numbers.reduce((a, b) => a + b);
}

async function sizeOf(stream: ReadableStream<Uint8Array>): Promise<number> {
  const reader = stream.getReader();
  let size = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    size += next.value.byteLength;
  }
  return size;
}

function streamOf(chunks: number, size: number): ReadableStream<Uint8Array> {
  let left = chunks;
  return new ReadableStream({
    pull(controller) {
      if (left-- === 0) controller.close();
      else controller.enqueue(new Uint8Array(size));
    },
  });
}
