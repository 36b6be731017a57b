import { newHttpBatchRpcSession } from "@capnweb/transport-http";
import { createDevCertificate } from "@capnweb/transport-webtransport/dev-certificate";
import {
  newWebTransportRpcSession,
  serveWebTransportRpc,
} from "@capnweb/transport-webtransport/node";
import { newWebSocketRpcSession } from "@capnweb/transport-ws/node";
import { describe, expect, onTestFinished, test } from "vitest";
import { listen } from "../../../testing/http-server.ts";
import { attachHost, type HostOptions } from "../src/node.ts";
import { broken, newHost, openPort } from "./support.ts";

const certificate = await createDevCertificate();

/** The client's status and reason of a refusal, by the medium. */
async function refusals(options: Partial<HostOptions>, act?: (host: any) => void) {
  const host = newHost({ onError() {}, ...options });
  const { server, port } = await listen();
  attachHost(host, server, { path: "/api" });
  const { cert, privKey } = certificate;
  const webTransport = await serveWebTransportRpc(
    { port: 0, host: "127.0.0.1", cert, privKey, http3: false },
    host,
  );
  onTestFinished(() => webTransport.close(0));
  act?.(host);
  const socketOf = (headers: Record<string, string>) =>
    broken(newWebSocketRpcSession<any>(`ws://127.0.0.1:${port}/api`, undefined, { headers }));
  const batch = newHttpBatchRpcSession<any>(`http://127.0.0.1:${port}/api`) as any;
  const told = {
    websocket: await socketOf({}),
    page: await socketOf({ origin: `http://127.0.0.1:${port}` }),
    http: await batch.add(1, 2).catch((error: unknown) => error),
    webtransport: await broken(
      newWebTransportRpcSession<any>(`https://127.0.0.1:${webTransport.address.port}/`, undefined, {
        serverCertificateHashes: [certificate.hash],
      }),
    ),
    port: await broken(openPort(host).api),
  };
  return Object.entries(told).map(([medium, error]: [string, any]) => ({
    medium,
    status: error.status,
    reason: error.body ?? (error.reason || error.message),
  }));
}

describe("a refused client can read the status and the reason over every medium:", () => {
  test("of authorize", async () => {
    const decision = { status: 401, reason: "Log in first." };
    for (const authorize of [() => decision, async () => decision]) {
      const told = await refusals({ authorize });
      expect(told.map(({ medium, status }) => [medium, status])).toEqual(
        ["websocket", "page", "http", "webtransport", "port"].map((each) => [each, 401]),
      );
      for (const { reason } of told) expect(reason).toMatch(/Log in first\./);
    }
  });

  test("of a full host, and of one that drains", async () => {
    const full = await refusals({ maxSessions: 0 });
    const draining = await refusals({}, (host) =>
      host.drain({ deadline: 0, reason: "We deploy." }),
    );
    // Admission comes before any code of the application, so a page gets the HTTP answer.
    for (const told of [full, draining])
      expect(told.map(({ status }) => status)).toEqual(Array(5).fill(503));
    for (const { reason } of full) expect(reason).toMatch(/maxSessions/);
    for (const { reason } of draining) expect(reason).toMatch(/We deploy\./);
  });
});
