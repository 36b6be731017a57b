import { tourBatches, tourSession } from "./client.ts";
import { startServer } from "./server.ts";

const keepServing = process.argv.includes("--serve");
const server = await startServer(keepServing ? Number(process.env["PORT"] ?? 8787) : 0);
await tourSession(server.sessionUrl);
await tourBatches(server.batchUrl);
if (keepServing) {
  console.log(`\nServing ${server.batchUrl} and ${server.sessionUrl}; press Ctrl+C to stop.`);
} else {
  await server.stop();
}
