/**
 * Cap'n Web sessions over WebTransport in Node: clients and servers, on
 * `@fails-components/webtransport`, a peer dependency of this entry.
 *
 * @packageDocumentation
 */

export type { Authorization } from "@capnweb/core/server";
export * from "./index.ts";
// Replace those of the main entry, which look for a `WebTransport` of the runtime.
export {
  connectWebTransport,
  newWebTransportRpcSession,
  webTransportTransport,
} from "./node/client.ts";
export type {
  ListenOptions,
  RequiredAuthorize,
  Served,
  ServedSession,
  ServeOptions,
  SessionRequest,
  WebTransportRpcServer,
} from "./node/serve-options.ts";
export { serveWebTransportRpc } from "./node/server.ts";
