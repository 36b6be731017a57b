import { newHostHandler } from "@capnweb/host";
import { control, makeHost } from "../host-for.ts";

// A session belongs to the request that started it, so no other request can resume it.
const host = makeHost(false);

export default {
  fetch: newHostHandler(host, {
    path: "/api",
    addressOf: () => "192.0.2.1",
    fallback: async ({ url }) => Response.json(await control(host, new URL(url).pathname)),
  }),
};
