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

/**
 * The channel between driver and participant: text over the channel that `fork` makes.
 *
 * @param name the participant's name, if its process has several
 */
export function channelOf(process: WithChannel, name = ""): ChannelOptions & { timeout: number } {
  const prefix = `${name}:`;
  return {
    post: (message) => process.send?.(prefix + message),
    on: (listener) =>
      void process.on("message", (message) => {
        const text = String(message);
        if (text.startsWith(prefix)) listener(text.slice(prefix.length));
      }),
    // JSON would see no properties of an error.
    serialize: (message) =>
      JSON.stringify(message, (_, value) => (value instanceof Error ? value.stack : value)),
    deserialize: (message) => JSON.parse(message),
    timeout: PATIENCE,
  };
}
