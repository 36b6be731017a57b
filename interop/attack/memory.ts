import { createServer, type RequestListener } from "node:http";
import { setTimeout as after } from "node:timers/promises";

const collect = (globalThis as { gc?: () => void }).gc;

/** Answers a request with the size of the heap, after a garbage collection. */
export const tellMemory: RequestListener = async (_request, response) => {
  // Finalisation callbacks run between the two collections.
  collect?.();
  await after(10);
  collect?.();
  const { heapUsed, external } = process.memoryUsage();
  response.end(JSON.stringify({ used: heapUsed + external }));
};

/** Answers every GET at a port with the size of the heap. */
export function serveMemory(port: number): void {
  createServer(tellMemory).listen(port, "127.0.0.1");
}
