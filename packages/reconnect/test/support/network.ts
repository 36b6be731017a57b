import { RpcSession, type RpcSessionOptions, type Transport } from "@capnweb/core";
import type { ResumeAcceptor } from "@capnweb/resume";
import { createMemoryLink, type LinkOptions, type MemoryLink } from "@capnweb/testkit";

/** A server in memory, and the links to it. */
export class Network {
  readonly links: MemoryLink[] = [];
  readonly sessions: RpcSession<any>[] = [];
  /** True if attempts to connect succeed. */
  isUp = true;
  /** True if the server answers those that connect. */
  isAnswering = true;
  attempts = 0;
  /** Accepts connections of sessions that outlive them, if the server knows how to. */
  acceptor: ResumeAcceptor | undefined;
  readonly #createMain: () => unknown;
  readonly #options: RpcSessionOptions;
  readonly #link: LinkOptions;

  constructor(createMain: () => unknown, options: RpcSessionOptions = {}, link: LinkOptions = {}) {
    this.#createMain = createMain;
    this.#options = { announce: "reply", ...options };
    this.#link = link;
  }

  /** For the option `open`. */
  readonly open = async (): Promise<Transport> => {
    this.attempts++;
    // As a network would, it decides later.
    await undefined;
    if (!this.isUp) throw new Error("The network is down.");
    const link = createMemoryLink(this.#link);
    this.links.push(link);
    if (this.acceptor) void this.#accept(this.acceptor, link.server);
    else if (this.isAnswering) this.#serve(link.server);
    return link.client;
  };

  async #accept(acceptor: ResumeAcceptor, end: Transport): Promise<void> {
    // A connection that is cut before it has said anything has no session.
    const accepted = await acceptor.accept(end).catch(() => undefined);
    if (accepted && accepted.kind !== "resumed") this.#serve(accepted.transport);
  }

  #serve(transport: Transport): void {
    this.sessions.push(new RpcSession(transport, this.#createMain(), this.#options));
  }

  /** The link that was opened last. */
  get link(): MemoryLink {
    return this.links.at(-1)!;
  }

  /** Breaks the current link, and takes the network down or leaves it up. */
  cut({ stays = "up" }: { stays?: "up" | "down" } = {}): void {
    this.isUp = stays === "up";
    this.link.cut();
  }
}

/** Options that don't wait between attempts. */
export const quick = { backoff: { min: 0, max: 0 } } as const;

/** The states, outcomes and epochs that a connection tells. */
export function statesOf(connection: EventTarget): string[] {
  const states: string[] = [];
  connection.addEventListener("statechange", (event) => {
    const { state, outcome } = event as Event & { state: string; outcome?: string };
    states.push(outcome ? `${state} (${outcome})` : state);
  });
  return states;
}

/** Waits for the next state that is `state`. */
export function nextState(connection: EventTarget, state: string): Promise<void> {
  return new Promise((resolve) => {
    const look = (event: Event) => {
      if ((event as Event & { state: string }).state !== state) return;
      connection.removeEventListener("statechange", look);
      resolve();
    };
    connection.addEventListener("statechange", look);
  });
}
