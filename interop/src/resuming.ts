import {
  type Clock,
  ResumeAcceptor,
  type ResumeAcceptorOptions,
  type ResumeOptions,
  ResumingTransport,
  systemClock,
} from "@capnweb/resume";
import {
  createMemoryLink,
  type LinkOptions,
  type MemoryLink,
  type Session,
} from "@capnweb/testkit";
import type { Implementation } from "./implementation.ts";

/** A clock on which the first look, that of an acceptor as it starts, was an hour ago. */
export function hasRunForLong(): Clock {
  let past = 0;
  const now = () => {
    const time = performance.now() + past;
    past = 3_600_000;
    return time;
  };
  return { ...systemClock, now };
}

/** Options of {@link connectResuming}. */
export interface ResumingOptions {
  /** The faults of each link, by its number. */
  readonly links?: (number: number) => LinkOptions;
  readonly client?: ResumeOptions;
  readonly server?: ResumeAcceptorOptions;
  /** The client's main object. */
  readonly main?: unknown;
}

/** Two sessions over links in memory, one after another. */
export interface ResumingPair {
  readonly client: Session;
  /** `undefined` until the first connection was accepted. */
  readonly server: Session | undefined;
  readonly transport: ResumingTransport;
  readonly links: readonly MemoryLink[];
  readonly refusals: readonly unknown[];
  /** Resolves when nothing is in flight, over any link. */
  settle(): Promise<void>;
}

/** Starts two sessions whose connection is cut as the options say. */
export function connectResuming(
  client: Implementation,
  server: Implementation,
  main: unknown,
  options: ResumingOptions = {},
): ResumingPair {
  const links: MemoryLink[] = [];
  const refusals: unknown[] = [];
  const acceptor = new ResumeAcceptor({
    isSole: true,
    // Only such an acceptor can tell that it has never heard of a peer.
    clock: hasRunForLong(),
    ...options.server,
  });
  let serverSession: Session | undefined;
  let accepting = 0;
  const accept = async (link: MemoryLink) => {
    accepting++;
    try {
      const { kind, transport } = await acceptor.accept(link.server as any);
      if (kind !== "resumed") serverSession = new server.RpcSession(transport, main);
    } catch (error) {
      refusals.push(error);
    } finally {
      accepting--;
    }
  };
  const transport = new ResumingTransport(
    () => {
      const link = createMemoryLink({
        encodingLevel: options.client?.encodingLevel,
        ...options.links?.(links.length),
      });
      links.push(link);
      void accept(link);
      return link.client as any;
    },
    { backoff: { min: 0 }, ...options.client },
  );
  const session = new client.RpcSession(transport, options.main);
  const isQuiet = () =>
    transport.state === "closed" || (transport.state === "open" && accepting === 0);
  return {
    client: session,
    get server() {
      return serverSession;
    },
    transport,
    links,
    refusals,
    async settle() {
      for (let quiet = 0; quiet < 2; quiet++) {
        const { length } = links;
        while (!isQuiet()) await new Promise((resolve) => setImmediate(resolve));
        await links.at(-1)?.settle();
        if (!isQuiet() || length !== links.length) quiet = -1;
      }
    },
  };
}
