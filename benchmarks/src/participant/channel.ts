import type { ChannelOptions } from "birpc";

/** As much of a process's channel as is needed: `process` in a child, the child in its parent. */
interface WithChannel {
  send?(message: string): unknown;
  on(event: "message", listener: (message: unknown) => void): unknown;
}

/** Milliseconds after which an answer won't come: the longest step takes some seconds. */
const PATIENCE = 120_000;

/** How driver and participants talk: text over the channel that `fork` makes. */
export function channelOf(process: WithChannel): ChannelOptions & { timeout: number } {
  return {
    post: (message) => process.send?.(message),
    on: (listener) => void process.on("message", listener),
    // An error has no properties that JSON would see.
    serialize: (message) =>
      JSON.stringify(message, (_, value) => (value instanceof Error ? value.stack : value)),
    deserialize: (message) => JSON.parse(message),
    timeout: PATIENCE,
  };
}
