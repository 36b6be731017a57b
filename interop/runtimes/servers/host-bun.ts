import { newBunHostHandler } from "@capnweb/host";
import { control, makeHost } from "../host-for.ts";

const { Bun } = globalThis as any;
const host = makeHost(true);
const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  ...newBunHostHandler(host, {
    path: "/api",
    fallback: async ({ url }) => Response.json(await control(host, new URL(url).pathname)),
  }),
});
console.log(`listening on 127.0.0.1:${server.port}`);
