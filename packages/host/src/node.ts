/**
 * Hosts of sessions in Node: on a server of `node:http`, with health checks, and with signals that
 * end them. WebSockets need the package `ws`, a peer dependency of this entry.
 *
 * @packageDocumentation
 */

export * from "./index.ts";
export {
  type AttachableServer,
  type AttachedHost,
  type AttachHostOptions,
  attachHost,
} from "./node/attach-host.ts";
export { type RequestRoute, type RequestServer, routeRequests } from "./node/request-router.ts";
export { type CloseOnSignalsOptions, closeOnSignals } from "./node/signals.ts";
