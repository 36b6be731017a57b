// A client in a process of its own, which a test may stop or kill. It prints a line once it is
// connected.
import { newWebTransportRpcSession } from "../../src/node.ts";
import type { Api } from "../support/api.ts";

const { url, hash, keepAlive } = JSON.parse(process.argv[2]!);
const api = newWebTransportRpcSession<Api>(url, undefined, {
  serverCertificateHashes: [{ algorithm: "sha-256", value: Uint8Array.from(hash) }],
  keepAlive,
});
console.log(JSON.stringify({ sum: await api.add(1, 2) }));
process.on("disconnect", () => process.exit());
