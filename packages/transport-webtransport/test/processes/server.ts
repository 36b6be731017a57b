// A server in a process of its own, which a test may stop or kill. It prints its address as JSON.
import { createDevCertificate } from "../../src/dev-certificate.ts";
import { serveWebTransportRpc } from "../../src/node.ts";
import { Api } from "../support/api.ts";

const keepAlive = JSON.parse(process.argv[2]!);
const { cert, privKey, hash } = await createDevCertificate();
const server = await serveWebTransportRpc(
  { port: 0, host: "127.0.0.1", cert, privKey, keepAlive, http3: false },
  () => new Api(),
);
const url = `https://127.0.0.1:${server.address.port}/`;
console.log(JSON.stringify({ url, hash: [...(hash.value as Uint8Array)] }));
// The parent that would stop it is gone.
process.on("disconnect", () => process.exit());
