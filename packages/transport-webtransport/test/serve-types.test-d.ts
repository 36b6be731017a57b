import { RpcTarget } from "@capnweb/core";
import { serveWebTransportRpc } from "../src/node.ts";

// Compiled by `npm run check`, never run.

interface User {
  name: string;
}
class Api extends RpcTarget {
  constructor(_user?: User) {
    super();
  }
}
const options = { port: 0, cert: "", privKey: "" };
const authorize = async () => ({ context: { name: "Ada" } });

void serveWebTransportRpc(options, () => new Api());
void serveWebTransportRpc({ ...options, authorize: () => 401 }, () => new Api());
void serveWebTransportRpc({ ...options, authorize }, (_, { context }) => new Api(context));
void serveWebTransportRpc<User>({ ...options, authorize }, (_, { context }) => new Api(context));
// @ts-expect-error There is no context without authorize.
void serveWebTransportRpc<User>(options, (_, { context }) => new Api(context));
