import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { attachHost } from "@capnweb/host/node";
import { control, makeHost } from "../host-for.ts";

const host = makeHost(true);
const server = createServer(async ({ url = "/" }, response) => {
  const answer = await control(host, url);
  if (answer) response.end(JSON.stringify(answer));
});
attachHost(host, server, { path: "/api" });
server.listen(0, "127.0.0.1", () => {
  console.log(`listening on 127.0.0.1:${(server.address() as AddressInfo).port}`);
});
