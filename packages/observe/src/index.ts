/**
 * Diagnostics channels of Cap'n Web sessions, and the hooks that publish to them.
 *
 * @packageDocumentation
 */

export type {
  Channel,
  Subscriber,
  TracingChannel,
  TracingSubscribers,
} from "./channels/channel.ts";
export type {
  CallEvent,
  ConnectEvent,
  LimitEvent,
  MessageEvent,
  OperationEvent,
  ServeEvent,
  SessionEvent,
  Side,
} from "./channels/events.ts";
export { type Channels, channels } from "./channels/index.ts";
export { type ObservedConnection, observeConnection } from "./connections.ts";
export { type ObservedOptions, type ObserveOptions, observe } from "./observe.ts";
export type { CallErrorListener } from "./publish/records.ts";
