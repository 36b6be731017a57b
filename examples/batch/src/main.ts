import { readInOneBatch, readInSequence, readInSteps } from "./client.ts";
import { serve } from "./server.ts";

const LATENCY = 30;

const server = await serve(LATENCY);
console.log(`Each request takes ${LATENCY} ms, as over a network.`);
for (const read of [readInSequence, readInSteps, readInOneBatch]) {
  const start = performance.now();
  const { name, titles } = await read(server.url, "open sesame");
  const time = (performance.now() - start).toFixed();
  console.log(`${read.name}: ${name}: ${titles.join(", ")}`);
  const requests = server.takeRequests();
  console.log(`  ${requests} ${requests === 1 ? "request" : "requests"}, ${time} ms`);
}
server.close();
