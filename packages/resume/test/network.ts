import { RpcSession, type RpcSessionOptions, type Transport } from "@capnweb/core";
import {
  type AcceptedConnection,
  type AcceptedTransport,
  type AcceptInfo,
  ResumeAcceptor,
  type ResumeAcceptorOptions,
  type ResumeOptions,
  ResumingTransport,
} from "@capnweb/resume";
import { createMemoryLink, type LinkOptions, type MemoryLink } from "@capnweb/testkit";

/** A server with resuming, and the links to it, which can be cut. */
export class Network {
  readonly acceptor: ResumeAcceptor<string>;
  readonly links: MemoryLink[] = [];
  readonly accepted: AcceptedConnection<string>[] = [];
  readonly refusals: unknown[] = [];
  readonly sessions: RpcSession<any>[] = [];
  readonly #main: () => unknown;
  /** Faults of the next links. */
  linkOptions: (attempt: number) => LinkOptions = () => ({});
  info: AcceptInfo<string> = {};
  /** True if connections fail to open. */
  isDown = false;
  sessionOptions: RpcSessionOptions = {};

  constructor(main: () => unknown, options: ResumeAcceptorOptions<string> = {}) {
    this.#main = main;
    this.acceptor = new ResumeAcceptor(options);
  }

  get link(): MemoryLink {
    return this.links.at(-1)!;
  }

  /** The number of a session, in the order in which they began. */
  indexOf(session: AcceptedTransport<string>): number {
    return this.accepted.findIndex(({ transport }) => transport === session);
  }

  /** Opens a connection, as a client does. */
  readonly open = (): Transport => {
    if (this.isDown) throw new Error("The network is down.");
    const link = createMemoryLink(this.linkOptions(this.links.length));
    this.links.push(link);
    void this.accept(link.server);
    return link.client;
  };

  async accept(transport: Transport, info = this.info): Promise<void> {
    try {
      const connection = await this.acceptor.accept(transport, info);
      this.accepted.push(connection);
      if (connection.kind !== "resumed") {
        const options = { announce: "reply" as const, ...this.sessionOptions };
        this.sessions.push(new RpcSession(connection.transport, this.#main(), options));
      }
    } catch (error) {
      this.refusals.push(error);
    }
  }

  connect<T>(options: ResumeOptions = {}, main?: unknown): Connected<T> {
    const transport = new ResumingTransport(this.open, { backoff: { min: 0, max: 0 }, ...options });
    const session = new RpcSession<any>(transport, main);
    return { transport, session, api: session.getRemoteMain() as any };
  }
}

export interface Connected<T> {
  readonly transport: ResumingTransport;
  readonly session: RpcSession<any>;
  readonly api: any & T;
}

/** Resolves when a condition holds, which is looked at after each turn. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
