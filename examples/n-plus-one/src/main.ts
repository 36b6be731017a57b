// A `map()` over 1,000 people, with and without `batched`.
// Run it by `npx tsx examples/n-plus-one/src/main.ts`.
import { newWebSocketRpcSession } from "@capnweb/transport-ws";
import { WebSocket } from "ws";
import type { Api } from "./api.ts";
import { People } from "./database.ts";
import { serve } from "./server.ts";

const PEOPLE = 1_000;

const people = new People(PEOPLE);
const server = await serve(people);
{
  using api = newWebSocketRpcSession<Api>(new WebSocket(server.url) as never);
  for (const method of ["nameAlone", "name"] as const) {
    people.queries = 0;
    const start = performance.now();
    const names = await api.ids().map((id) => api[method](id));
    const time = (performance.now() - start).toFixed(1);
    console.log(`${method}: ${names.length} names, ${people.queries} queries, ${time} ms`);
  }
}
server.close();
