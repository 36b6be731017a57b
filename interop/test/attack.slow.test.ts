import * as core from "@capnweb/core";
import { createAttackTarget } from "@capnweb/testkit";
import { attackServer } from "@capnweb/testkit/attack";
import { createDevCertificate } from "@capnweb/transport-webtransport/dev-certificate";
import { type ServeOptions, serveWebTransportRpc } from "@capnweb/transport-webtransport/node";
import { expect, onTestFinished, test } from "vitest";

/** Long enough for a machine under load not to count as hurt. */
const PATIENT = { slowest: 20_000, seconds: 5, wait: 30, repeat: 0 };

async function attacked(only: readonly string[], options: Partial<ServeOptions> = {}) {
  const { cert, privKey } = await createDevCertificate();
  const where = { port: 0, host: "127.0.0.1", cert, privKey, path: "/rpc", http3: false };
  const server = await serveWebTransportRpc({ ...where, ...options }, () =>
    createAttackTarget(core),
  );
  onTestFinished(() => server.close(0));
  const url = `https://127.0.0.1:${server.address.port}/rpc`;
  const results = await attackServer([url], { ...PATIENT, only });
  return Object.fromEntries(
    results.map(({ id, verdict, reasons }) => [id, [verdict, ...reasons].join(": ")]),
  );
}

test("our server over WebTransport holds against the attacks, and offers all that they need", async () => {
  const only = ["A01", "B01", "C06", "D02", "E03", "F24", "G01", "H01", "H11", "I01", "I10"];
  expect(await attacked(only)).toEqual(Object.fromEntries(only.map((id) => [`ATK-${id}`, "held"])));
  expect(await attacked(["A03", "F10"])).toEqual({
    "ATK-A03": "not applicable: the server has no http",
    "ATK-F10": "not applicable: the server has no websocket",
  });
});

test("a server that accepts pages of all sites is hurt by the attacks", async () => {
  expect(await attacked(["H01"], { origins: () => true })).toEqual({
    "ATK-H01": "hurt: the call was answered",
  });
});

test("our sessions on ports hold against the attacks", async () => {
  const module = new URL("../attack/port-server.ts", import.meta.url).href;
  const only = ["A25", "A28", "A29", "B01", "E03", "E17", "G01", "H11", "H16"];
  const results = await attackServer([module], { ...PATIENT, only });
  expect(results.filter(({ verdict }) => verdict !== "held")).toEqual([]);
  expect(results).toHaveLength(only.length);
});
