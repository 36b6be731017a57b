// Serves the attack contract at /rpc over WebTransport. Every option but the path has its default.
// A GET at another port returns the size of the heap. `run.ts` makes the attack suite start it.
import * as core from "@capnweb/core";
import { createAttackTarget } from "@capnweb/testkit";
import { createDevCertificate } from "@capnweb/transport-webtransport/dev-certificate";
import { serveWebTransportRpc } from "@capnweb/transport-webtransport/node";
import { serveMemory } from "./memory.ts";

const port = Number(process.argv[2]);
const { cert, privKey } = await createDevCertificate();
await serveWebTransportRpc(
  { port, host: "127.0.0.1", cert, privKey, path: "/rpc", http3: false },
  () => createAttackTarget(core),
);
serveMemory(Number(process.argv[3]));
