import { tourBatches, tourWebSocket, tourWebTransport } from "./client.ts";
import { tourOutages } from "./outages.ts";
import { startServer } from "./server.ts";

const keepServing = process.argv.includes("--serve");
const server = await startServer(keepServing ? Number(process.env["PORT"] ?? 8787) : 0);
await tourWebSocket(server.sessionUrl);
await tourWebTransport(server.webTransportUrl, server.certificateHash);
await tourBatches(server.batchUrl);
await tourOutages();
if (keepServing) {
  const { batchUrl, sessionUrl, webTransportUrl } = server;
  console.log(`\nServing ${batchUrl}, ${sessionUrl} and ${webTransportUrl}; press Ctrl+C to stop.`);
} else {
  await server.stop();
}
