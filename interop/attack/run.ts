// Attacks our own server, started with half a gigabyte of heap. Arguments go to the attack suite:
//
//   npm run attack -- --only A,B --seconds 10
import { fileURLToPath } from "node:url";
import { runCommand } from "../../packages/testkit/src/cli/run-command.ts";
import { freePort } from "../../scripts/free-port.mjs";

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
