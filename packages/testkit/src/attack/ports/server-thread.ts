// The thread of a server that is a module. The module's default export serves a port.
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import type { ServerPorts } from "../media/port.ts";

/** A request to the server's thread: serve a port, or report the size of the heap. */
export type ServerOrder = { readonly connect: ServerPorts } | { readonly measure: true };

const module: { default: (port: MessagePort) => unknown } = await import(workerData.module);
const collect = (globalThis as { gc?: () => void }).gc;

parentPort!.on("message", (order: ServerOrder) => {
  if ("measure" in order) {
    measure();
    return;
  }
  const { port, taken } = order.connect;
  countTaken(port, taken);
  module.default(port);
});
parentPort!.postMessage("ready");

/** Regularly reports to the attacker how many messages the server has taken. */
function countTaken(port: MessagePort, taken: MessagePort): void {
  let count = 0;
  const tell = () => {
    taken.postMessage(count);
    count = 0;
  };
  // A second listener would keep the port from holding messages back.
  const add = port.addEventListener.bind(port);
  const remove = port.removeEventListener.bind(port);
  const counting = new Map<unknown, (event: unknown) => void>();
  port.addEventListener = (type: string, listener: any, ...rest: any[]) => {
    if (type !== "message") return add(type as "message", listener, ...rest);
    const counted = (event: unknown) => {
      if (count++ === 0) setImmediate(tell);
      listener(event);
    };
    counting.set(listener, counted);
    return add("message", counted as typeof listener, ...rest);
  };
  port.removeEventListener = (type: string, listener: any, ...rest: any[]) =>
    remove(type as "message", counting.get(listener) ?? listener, ...rest);
  port.once("close", () => taken.close());
  // This port mustn't keep a client alive that is never heard of again.
  taken.unref();
}

function measure(): void {
  collect?.();
  // Finalisation callbacks run between the two collections.
  setTimeout(() => {
    collect?.();
    const { heapUsed, external } = process.memoryUsage();
    parentPort!.postMessage({ used: heapUsed + external });
  }, 10);
}
