/**
 * A proxy for real sockets that cuts connections, for tests of clients and servers. For Node.
 *
 * @packageDocumentation
 */

export type { Side } from "../transcript/transcript.ts";
export { type Amount, ProxyConnection } from "./connection.ts";
export type { CutKind, ProxyCut } from "./cut.ts";
export {
  type CutEverywhereOptions,
  type CutFailure,
  type CutReport,
  type CutRun,
  cutEverywhere,
} from "./cut-everywhere.ts";
export {
  type CuttingProxy,
  type CuttingProxyOptions,
  cuttingProxy,
  type ProxyTarget,
} from "./cutting-proxy.ts";
