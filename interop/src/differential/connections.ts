import { inspect } from "node:util";
import { createMemoryLink } from "@capnweb/testkit";
import type { Implementation } from "../implementation.ts";
import { turns } from "./turns.ts";

/** A connected client and server, with one implementation on both sides. */
export interface Connection {
  /** The client's stub of the server's main object. */
  readonly api: any;
  /** The messages that each side sent so far. */
  sent(): { readonly client: readonly string[]; readonly server: readonly string[] };
  /** The sizes of the sessions' tables, if they can be read. */
  tables(): string;
  /** Breaks the connection. */
  cut(reason: unknown): void;
  /** Resolves when nothing is in flight. */
  settle(): Promise<void>;
}

type Connect = (rpc: Implementation, main: object) => Connection;

/**
 * Connects in memory, by transports in the style of `capnweb`, so that both implementations pull.
 */
const inMemory =
  (encodingLevel: "string" | "structuredClonable"): Connect =>
  (rpc, main) => {
    const link = createMemoryLink({ encodingLevel });
    const pulling = ({ client: end }: Pick<typeof link, "client">) => ({
      encodingLevel,
      send: (message: unknown) => end.send(message),
      receive: () => end.receive(),
      abort: (reason: unknown) => end.abort(reason),
    });
    const client = new rpc.RpcSession(pulling(link));
    const server = new rpc.RpcSession(pulling({ client: link.server }), main);
    return {
      api: client.getRemoteMain(),
      sent: () => ({ client: saidBy(link.log, "client"), server: saidBy(link.log, "server") }),
      tables: () => JSON.stringify([client.getStats(), server.getStats()]),
      cut: (reason) => link.cut(reason),
      settle: () => link.settle(),
    };
  };

function saidBy(log: ReturnType<typeof createMemoryLink>["log"], side: string): string[] {
  return log
    .filter(({ from }) => from === side)
    .map(({ message, aborted }) => {
      if (aborted !== undefined) return `(aborted: ${(aborted as Error)?.message ?? aborted})`;
      if (typeof message === "string") return message;
      const arrived = structuredClone(message);
      return inspect(arrived, { depth: null, breakLength: Number.POSITIVE_INFINITY });
    });
}

/** An HTTP batch, whose request is answered in this process. */
const batch: Connect = (rpc, main) => {
  const sent = { client: [] as string[], server: [] as string[] };
  const { fetch } = globalThis;
  globalThis.fetch = async (url, init) => {
    const request = new Request(url as string, init);
    sent.client.push(...(await request.clone().text()).split("\n"));
    const response = await rpc.newHttpBatchRpcResponse(request, main);
    sent.server.push(...(await response.clone().text()).split("\n"));
    return response;
  };
  const api = rpc.newHttpBatchRpcSession("http://127.0.0.1/");
  return {
    api,
    sent: () => {
      globalThis.fetch = fetch;
      return sent;
    },
    tables: () => "",
    cut: () => {},
    settle: () => turns(20),
  };
};

/** All media, by name. */
export const connections: Readonly<Record<string, Connect>> = {
  "in memory": inMemory("string"),
  "structured clones": inMemory("structuredClonable"),
  "HTTP batch": batch,
};
