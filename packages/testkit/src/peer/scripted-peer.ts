import { type Frame, MessageReader, type ReadMessage } from "@capnweb/wire";
import { matches } from "../conformance/match.ts";

/** The end of a connection that a scripted peer uses, such as one of a {@link MemoryLink}. */
export interface PeerEnd {
  send(message: any): unknown;
  receive(): Promise<unknown>;
  abort?(reason: unknown): void;
}

/** Options of {@link createScriptedPeer}. */
export interface ScriptedPeerOptions {
  /**
   * True if announcements of extensions are shown like other messages. By default they are ignored,
   * as a peer without extensions does. Default `false`.
   */
  readonly announcements?: boolean | undefined;
}

/** A peer that a test controls. */
export interface ScriptedPeer {
  /** Sends messages: text unchanged, anything else as JSON. */
  send(...messages: readonly unknown[]): void;
  /**
   * Returns the other side's next message, as a tree. Joined messages come one by one. Rejects when
   * the connection is over, and with a `ProtocolError` or `MessageSyntaxError` for anything that
   * isn't a message.
   */
  next(): Promise<unknown>;
  /**
   * Takes the next messages, which must have these values. The order of keys and the padding of
   * base64 don't matter.
   *
   * @throws Error that shows the expected and the actual message
   */
  expect(...messages: readonly (readonly unknown[])[]): Promise<void>;
  /** Ends the connection. */
  end(reason?: unknown): void;
}

/**
 * Makes a peer that speaks the protocol by hand, message by message.
 *
 * @example
 * ```ts
 * const link = createMemoryLink();
 * const api = new RpcSession<Api>(link.client).getRemoteMain();
 * const peer = createScriptedPeer(link.server);
 * const sum = api.add(1, 2);
 * sum.then(console.log);
 * await peer.expect(["push", ["pipeline", 0, ["add"], [1, 2]]], ["pull", 1]);
 * peer.send(["resolve", 1, 3]);
 * await peer.expect(["release", 1, 1]);
 * ```
 */
export function createScriptedPeer(
  end: PeerEnd,
  { announcements = false }: ScriptedPeerOptions = {},
): ScriptedPeer {
  const reader = new MessageReader({ limits: "trusted" });
  /** Messages that were joined to one that was shown. */
  const read: ReadMessage[] = [];
  const next = async (): Promise<unknown> => {
    for (;;) {
      const first = read.shift();
      if (!first) read.push(...reader.read((await end.receive()) as Frame));
      else if (announcements || !first.announcement) return first.message;
    }
  };
  return {
    send(...messages) {
      for (const message of messages) {
        end.send(typeof message === "string" ? message : JSON.stringify(message));
      }
    },
    next,
    async expect(...messages) {
      for (const expected of messages) {
        const actual = await next();
        if (!matches(expected, actual)) {
          throw new Error(`Expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}.`);
        }
      }
    },
    end: (reason = new Error("The scripted peer ended the connection.")) => end.abort?.(reason),
  };
}
