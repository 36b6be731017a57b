// Attacks our own server, started with half a gigabyte of heap. Arguments go to the attack suite:
//
//   npm run attack -- --only A,B --seconds 10
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { runCommand } from "../../packages/testkit/src/cli/run-command.ts";

const port = await freePort();
const program = fileURLToPath(new URL("server.ts", import.meta.url));
const flags = "--max-old-space-size=512 --expose-gc --import tsx";
process.exitCode = await runCommand([
  "attack",
  `ws://127.0.0.1:${port}/rpc`,
  "--start",
  `"${process.execPath}" ${flags} "${program}" ${port}`,
  "--memory-url",
  `http://127.0.0.1:${port}/memory`,
  "--seconds",
  "2",
  "--total",
  "225",
  ...process.argv.slice(2),
]);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
