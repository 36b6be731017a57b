import type { Side } from "../transcript/transcript.ts";
import { turns } from "../turns.ts";
import { LinkEnd } from "./end.ts";
import type { LinkOptions } from "./options.ts";
import { Wire } from "./wire.ts";

/** A message sent over a link, or the end of the link. */
export interface LogEntry {
  /** The side that sent the message or ended the link. */
  readonly from: Side;
  /** The message in the form that was sent: text or a tree. */
  readonly message?: unknown;
  /** The reason for which the side ended the link, if it did. */
  readonly aborted?: unknown;
}

/** Two connected transports. */
export interface MemoryLink {
  /** The client's transport. */
  readonly client: LinkEnd;
  /** The server's transport. */
  readonly server: LinkEnd;
  /** Everything that was sent, in order, whether or not it arrived. */
  readonly log: readonly LogEntry[];
  /** Returns the messages of one side, in order. */
  sentBy(side: Side): unknown[];
  /** Breaks the link. Messages in flight are lost, and both ends learn of it. */
  cut(reason?: unknown): void;
  /**
   * Holds back everything in flight, and everything that is sent, until {@link resume}. Neither end
   * learns of it, as when a machine is stopped or a network drops packets.
   */
  stall(): void;
  /** Delivers the messages that a stall held back, in order. Nothing is lost. */
  resume(): void;
  /**
   * Resolves when nothing is in flight, and no message was sent for some turns of the event loop.
   * Messages that a stall holds back aren't in flight.
   */
  settle(): Promise<void>;
}

/**
 * Connects two transports in memory, with the faults of a network if you ask for them.
 *
 * @example
 * ```ts
 * const link = createMemoryLink({ latency: 50, cut: { from: "server", afterMessages: 3 } });
 * const client = new RpcSession<Api>(link.client);
 * new RpcSession(link.server, new MyApi());
 * ```
 */
export function createMemoryLink(options: LinkOptions = {}): MemoryLink {
  const { seed = 1 } = options;
  const log: LogEntry[] = [];
  const cut = (reason: unknown = new Error("The link was cut.")) => {
    for (const side of SIDES) {
      wires[side].drop();
      ends[side].close(reason);
    }
  };
  const makeEnd = (side: Side) =>
    new LinkEnd(
      options,
      (message) => {
        log.push({ from: side, message });
        wires[side].carry(message);
      },
      (reason) => {
        log.push({ from: side, aborted: reason });
        wires[side].hangUp();
      },
    );
  const makeWire = (side: Side) =>
    new Wire(side, options, seed + SIDES.indexOf(side), {
      deliver: (message) => ends[other(side)].deliver(message),
      hungUp: () => ends[other(side)].close(new Error("The peer closed the link.")),
      broke: () => cut(),
    });
  const wires = { client: makeWire("client"), server: makeWire("server") };
  const ends = { client: makeEnd("client"), server: makeEnd("server") };

  return {
    ...ends,
    log,
    sentBy: (side) =>
      log
        .filter(({ from, message }) => from === side && message !== undefined)
        .map((e) => e.message),
    cut,
    stall() {
      for (const side of SIDES) wires[side].stall();
    },
    resume() {
      for (const side of SIDES) wires[side].resume();
    },
    async settle() {
      for (let quiet = 0; quiet < QUIET_TURNS; ) {
        const sent = log.length;
        await Promise.all([wires.client.idle(), wires.server.idle()]);
        await turns(1);
        quiet = log.length === sent ? quiet + 1 : 0;
      }
    },
  };
}

const SIDES: readonly Side[] = ["client", "server"];

const QUIET_TURNS = 4;

function other(side: Side): Side {
  return side === "client" ? "server" : "client";
}
