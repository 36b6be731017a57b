import { RpcSession, type RpcSessionOptions } from "@capnweb/core";
import { connect } from "@capnweb/reconnect";
import { createMemoryLink } from "@capnweb/testkit";

/** Two sessions over a link in memory. */
export function connectInMemory(
  main: unknown,
  options: { client?: RpcSessionOptions; server?: RpcSessionOptions } = {},
) {
  const link = createMemoryLink();
  const server = new RpcSession<any>(link.server, main, options.server);
  const client = new RpcSession<any>(link.client, undefined, options.client);
  return { link, server, client, api: client.getRemoteMain() as any };
}

/** A connection that is made again at once, each time over another link in memory. */
export function reconnectInMemory(makeMain: () => unknown) {
  const links: ReturnType<typeof createMemoryLink>[] = [];
  const connection = connect<any>({
    open() {
      const link = createMemoryLink();
      links.push(link);
      new RpcSession(link.server, makeMain());
      return link.client;
    },
    backoff: { min: 0, max: 0 },
  });
  return { connection, links };
}
