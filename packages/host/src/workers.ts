/**
 * Hosts of sessions in Durable Objects that hibernate: the runtime may drop an object's memory
 * between two messages, and its clients go on.
 *
 * @packageDocumentation
 */

export * from "./index.ts";
export { type HibernatingOptions, HibernatingSockets } from "./workers/hibernating-sockets.ts";
export type { HibernatableState, HibernatableWebSocket } from "./workers/shapes.ts";
