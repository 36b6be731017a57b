import type { Api } from "@capnweb/example-n-plus-one/api";
import { People } from "@capnweb/example-n-plus-one/database";
import { serve } from "@capnweb/example-n-plus-one/server";
import { newWebSocketRpcSession } from "@capnweb/transport-ws";
import { WebSocket } from "ws";
import { printTable, processorTimesOf } from "./ways.ts";

const PEOPLE = 1_000;
const ROUNDS = 20;

/** The time and the queries of a `map()` over 1,000 rows of SQLite, in memory. */
export async function measureQueries(): Promise<void> {
  const people = new People(PEOPLE);
  const server = await serve(people);
  {
    using api = newWebSocketRpcSession<Api>(new WebSocket(server.url) as never);
    const alone = async () => api.ids().map((id) => api.nameAlone(id));
    const together = async () => api.ids().map((id) => api.name(id));
    const queries = async (names: () => Promise<unknown>) => {
      people.queries = 0;
      await names();
      return people.queries;
    };
    const rows = { "a query for each": await queries(alone), batched: await queries(together) };
    const times = await processorTimesOf({ "a query for each": alone, batched: together }, ROUNDS);
    printTable(
      "A map() over 1,000 rows, over a WebSocket: queries and ms of processor time, both sides",
      ["queries", "     ms"],
      Object.fromEntries(
        Object.entries(rows).map(([name, count]) => [name, [count, times[name]!]]),
      ),
    );
  }
  server.close();
}
