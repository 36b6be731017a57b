// The native package for HTTP/3 downloads a binary, so it isn't installed here. A class that notes
// its calls replaces it. Its reports about sessions and requests are the same as for HTTP/2.
import { expect, test, vi } from "vitest";
import { newWebTransportRpcSession, serveWebTransportRpc } from "../src/node.ts";
import { Api } from "./support/api.ts";
import { certificate, trusting } from "./support/serve.ts";

const { noted } = vi.hoisted(() => ({ noted: [] as unknown[][] }));

vi.mock("@fails-components/webtransport", async (importOriginal) => {
  // As if the package had been found: the library complains to a console that isn't examined.
  const { error, log } = console;
  Object.assign(console, { error() {}, log() {} });
  const original: any = await importOriginal();
  await original.quicheLoaded;
  await new Promise((resolve) => setImmediate(resolve));
  Object.assign(console, { error, log });

  class Http3Server {
    readonly ready = Promise.resolve();
    onHttpWTSessionVisitor() {}
    onSessionRequest() {}
    constructor({ port }: { port: number }) {
      noted.push(["new", port]);
    }
    setRequestCallback(callback: unknown) {
      noted.push(["setRequestCallback", typeof callback]);
    }
    sessionStream(path: string) {
      noted.push(["sessionStream", path]);
      return new ReadableStream();
    }
    startServer() {
      noted.push(["startServer"]);
    }
    updateCert(cert: string) {
      noted.push(["updateCert", cert]);
    }
    stopServer() {
      noted.push(["stopServer"]);
    }
  }
  class WebTransport extends original.WebTransport {
    constructor(url: string, options: { forceReliable?: boolean }) {
      noted.push(["connect", options.forceReliable]);
      super(url, { ...options, forceReliable: true });
    }
  }
  return { ...original, Http3Server, WebTransport };
});

test("HTTP/3 is served on the same port and tried first, if its package is installed", async () => {
  const { cert, privKey } = certificate;
  const options = { port: 0, host: "127.0.0.1", cert, privKey, path: "/api" };
  const server = await serveWebTransportRpc(options, () => new Api());
  const { port } = server.address;
  expect(server.hasHttp3).toBe(true);
  expect(noted.splice(0)).toEqual([
    ["new", port],
    ["setRequestCallback", "function"],
    ["sessionStream", "/api"],
    ["startServer"],
  ]);
  const url = `https://127.0.0.1:${port}/api`;
  const api: any = newWebTransportRpcSession<Api>(url, undefined, trusting);
  expect(await api.add(1, 2)).toBe(3);
  server.updateCertificate(cert, privKey);
  await server.close();
  expect(noted).toEqual([["connect", undefined], ["updateCert", cert], ["stopServer"]]);
});
