import { createMemoryLink, type MemoryLink, type Side } from "@capnweb/testkit";
import { createApi } from "./application.ts";
import type { Implementation } from "./implementation.ts";
import type { Scenario } from "./scenarios/scenario.ts";

/** The outcome of a scenario in memory. */
export interface MemoryRun {
  readonly result: unknown;
  readonly sent: { readonly client: readonly string[]; readonly server: readonly string[] };
  /** The sizes of both sessions' tables at the end, before the client disposes of its main stub. */
  readonly stats: readonly unknown[];
  /** True if the main object's disposer ran once the session had ended. */
  readonly ended: boolean;
}

/** Runs a scenario with a client and a server connected in memory. */
export async function runInMemory(
  scenario: Scenario,
  client: Implementation,
  server: Implementation,
): Promise<MemoryRun> {
  const link = createMemoryLink();
  const events: string[] = [];
  const clientSession = new client.RpcSession(link.client);
  const serverSession = new server.RpcSession(link.server, createApi(server, events));
  const api = clientSession.getRemoteMain();
  const context = { api, client, events, settle: () => link.settle() };
  const result = JSON.stringify(await scenario.run(context));
  await link.settle();
  const stats = [clientSession.getStats(), serverSession.getStats()];
  const sent = { client: saidBy(link, "client"), server: saidBy(link, "server") };
  api[Symbol.dispose]();
  await link.settle();
  return { result, sent, stats, ended: events.includes("disposed main") };
}

/** A side's messages, and its end of the link, if it ended it. */
function saidBy({ log }: MemoryLink, side: Side): string[] {
  return log
    .filter(({ from }) => from === side)
    .map(({ message, aborted }) => {
      if (aborted === undefined) return message as string;
      return `(aborted: ${(aborted as Error)?.message ?? aborted})`;
    });
}
