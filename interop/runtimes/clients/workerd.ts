import { runConformance } from "../run-conformance.ts";
import { runDurable } from "../run-durable.ts";
import { runKeepAlive } from "../run-keep-alive.ts";
import { runProgram } from "../run-program.ts";
import { runReconnect } from "../run-reconnect.ts";

const CLIENTS: Readonly<Record<string, (argument: string) => Promise<string>>> = {
  "/durable": runDurable,
  "/keep-alive": runKeepAlive,
  "/program": runProgram,
  "/reconnect": runReconnect,
  "/conformance-client": runConformance,
};

/** A worker has no command line, so the path of a request names the client to run. */
export default {
  async fetch(request: Request) {
    const { pathname, searchParams } = new URL(request.url);
    const run = CLIENTS[pathname];
    if (run === undefined) return new Response("no such client", { status: 404 });
    return new Response(await run(searchParams.get("argument") ?? ""));
  },
};
