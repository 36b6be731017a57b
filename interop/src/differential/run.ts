import { createMemoryLink } from "@capnweb/testkit";
import type { Implementation } from "../implementation.ts";
import { attempt } from "./describe-value.ts";
import { heardErrors } from "./heard-errors.ts";
import { pullEnd } from "./pull-end.ts";
import { createServerMain } from "./server.ts";
import { turns } from "./turns.ts";
import type { Kind, Operation, Place, World } from "./world.ts";

/** A program: a value, a way for it to travel, and a use of what arrives. */
export interface Program {
  readonly kind: Kind;
  readonly place: Place;
  readonly operation: Operation;
}

/** Everything that can be noticed of one run. */
export interface Report {
  readonly outcome: string;
  readonly seen: readonly string[];
  readonly events: readonly string[];
  readonly disposals: readonly string[];
  readonly clientSent: readonly string[];
  readonly serverSent: readonly string[];
  readonly tables: string;
  readonly atEnd: readonly string[];
  readonly unhandled: readonly string[];
}

/** Runs a program with `rpc` at both ends. */
export async function runProgram(rpc: Implementation, program: Program): Promise<Report> {
  const link = createMemoryLink();
  const events: string[] = [];
  const disposals: string[] = [];
  // Elsewhere than the others: the two sides' orders have nothing to do with each other.
  const mainDisposals: string[] = [];
  const seen: string[] = [];
  const world: World = {
    rpc,
    link,
    give: () => undefined,
    take: () => undefined,
    note: (event) => events.push(event),
    disposed: (name) => disposals.push(name),
    mainDisposed: () => mainDisposals.push("main"),
    api: undefined,
    client: undefined,
    server: undefined,
  };
  const heard = heardErrors();
  const client = new rpc.RpcSession(pullEnd(link.client));
  const server = new rpc.RpcSession(pullEnd(link.server), createServerMain(world));
  const api = client.getRemoteMain();
  Object.assign(world, { api, client, server });

  const { kind, place, operation } = program;
  const use = async (value: any) => {
    seen.push(await attempt(() => operation.run(world, value)));
  };
  let outcome = "(waits for ever)";
  let isDone = false;
  void attempt(() => place.run(world, () => kind.make(world), use)).then((text) => {
    outcome = text;
    isDone = true;
  });
  await link.settle();
  // Bodies and blobs are read by the platform, in its own time.
  for (let waited = 0; !isDone && waited < 30; waited++) {
    await turns(2);
    await link.settle();
  }
  await turns(2);
  const tables = JSON.stringify([client.getStats(), server.getStats()]);
  const during = { events: events.splice(0), disposals: disposals.splice(0) };
  const sent = { client: saidBy(link, "client"), server: saidBy(link, "server") };
  api[Symbol.dispose]();
  await link.settle();
  await turns(2);
  const atEnd = [...events, ...disposals, ...mainDisposals];
  return {
    outcome,
    seen,
    ...during,
    clientSent: sent.client,
    serverSent: sent.server,
    tables,
    atEnd,
    unhandled: heard.stop(),
  };
}

function saidBy({ log }: ReturnType<typeof createMemoryLink>, side: string): string[] {
  return log
    .filter(({ from }) => from === side)
    .map(({ message, aborted }) =>
      aborted === undefined ? String(message) : `(aborted: ${(aborted as Error)?.message ?? aborted})`,
    );
}
