import type { ChannelOptions } from "birpc";

/**
 * The part of a process's channel that is needed: of `process` in a child, of the child in its
 * parent.
 */
interface WithChannel {
  send?(message: string): unknown;
  on(event: "message", listener: (message: unknown) => void): unknown;
}

/** Milliseconds to wait for an answer. The longest step takes some seconds. */
const PATIENCE = 120_000;

/** The channel between driver and participants: text over the channel that `fork` makes. */
export function channelOf(process: WithChannel): ChannelOptions & { timeout: number } {
  return {
    post: (message) => process.send?.(message),
    on: (listener) => void process.on("message", listener),
    // JSON would see no properties of an error.
    serialize: (message) =>
      JSON.stringify(message, (_, value) => (value instanceof Error ? value.stack : value)),
    deserialize: (message) => JSON.parse(message),
    timeout: PATIENCE,
  };
}
