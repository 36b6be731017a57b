/**
 * A correct server and client, for implementations that are being built. For Node.
 *
 * @packageDocumentation
 */

export { type ReferenceClientOptions, runReference, runReferenceAtKit } from "./run.ts";
export { type ReferenceServer, type ReferenceServerOptions, serveReference } from "./serve.ts";
export type { ReferenceOptions } from "./session.ts";
