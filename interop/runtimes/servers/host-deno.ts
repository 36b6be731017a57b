import { newHostHandler } from "@capnweb/host";
import { control, makeHost } from "../host-for.ts";

const { Deno } = globalThis as any;
const host = makeHost(true);
Deno.serve(
  {
    port: 0,
    hostname: "127.0.0.1",
    onListen: ({ port }: { port: number }) => console.log(`listening on 127.0.0.1:${port}`),
  },
  newHostHandler(host, {
    path: "/api",
    fallback: async ({ url }) => Response.json(await control(host, new URL(url).pathname)),
  }),
);
