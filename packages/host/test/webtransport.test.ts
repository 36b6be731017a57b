import { createDevCertificate } from "@capnweb/transport-webtransport/dev-certificate";
import {
  newWebTransportRpcSession,
  serveWebTransportRpc,
  type WebTransportSessionOptions,
} from "@capnweb/transport-webtransport/node";
import { expect, onTestFinished, test } from "vitest";
import type { HostOptions } from "../src/index.ts";
import { broken, newHost } from "./support.ts";

const certificate = await createDevCertificate();
const trusting: WebTransportSessionOptions = { serverCertificateHashes: [certificate.hash] };

async function serve(options: Partial<HostOptions> = {}) {
  const { cert, privKey } = certificate;
  const host = newHost(options);
  const server = await serveWebTransportRpc(
    { port: 0, host: "127.0.0.1", cert, privKey, http3: false },
    host,
  );
  onTestFinished(() => server.close(0));
  const url = `https://127.0.0.1:${server.address.port}/`;
  const open = (query = "") =>
    newWebTransportRpcSession<any>(`${url}${query}`, undefined, trusting) as any;
  return { host, server, open };
}

test("a host serves WebTransport, and lists its sessions", async () => {
  const { host, open } = await serve({
    authorize: ({ url, medium }) => ({ context: [url, medium], identity: "ada" }),
  });
  const api = open("?token=1");
  expect(await api.whoAmI()).toEqual(["/?token=1", "webtransport"]);
  const [session] = host.sessions;
  expect(session).toMatchObject({ medium: "webtransport", identity: "ada", address: "127.0.0.1" });
});

test("a drain lets calls over WebTransport finish, and closes with 1001", async () => {
  const { host, open } = await serve();
  const api = open();
  await api.add(1, 2);
  const call = api.wait(100);
  const reason = broken(api);
  const drained = host.drain({ deadline: 4_000 });
  expect(await call).toBe("waited");
  expect(await reason).toMatchObject({ message: expect.stringMatching(/1001/) });
  expect(await drained).toMatchObject({ sessions: 1, cut: 0 });
  expect(await broken(open())).toMatchObject({ status: 503 });
});
