import type { IncomingMessage, Server } from "node:http";
import { type RpcStub, RpcTarget } from "@capnweb/core";
import { attachWebSocketRpc } from "../src/node.ts";

// Compiled by `npm run check`, never run.

interface Client {
  notify(text: string): void;
}
interface User {
  name: string;
}
declare const server: Server;
declare function userOf(header: string | undefined): Promise<User | undefined>;
class Api extends RpcTarget {
  constructor(_user?: User, _client?: RpcStub<Client>) {
    super();
  }
}

attachWebSocketRpc(server, () => new Api());
attachWebSocketRpc(server, (request) => new Api({ name: request.url ?? "" }), { path: "/api" });
attachWebSocketRpc<Client>(server, (_request, { client }) => new Api(undefined, client));
// Without a context, a decision is enough.
attachWebSocketRpc(server, () => new Api(), { authorize: () => true });
attachWebSocketRpc(server, () => new Api(), { authorize: async () => ({ status: 401 }) });
attachWebSocketRpc<Client>(server, (_r, { client }) => new Api(undefined, client), {
  authorize: ({ headers }) => headers.authorization === "secret",
});

// A context that is named.
attachWebSocketRpc<Client, User>(
  server,
  (_request, { client, context }) => new Api(context, client),
  {
    async authorize({ headers }) {
      const user = await userOf(headers.authorization);
      return user ? { context: user } : { status: 401, reason: "Log in first." };
    },
  },
);

// A context that is inferred.
const authorize = async (request: IncomingMessage) => {
  const user = await userOf(request.headers.authorization);
  return user ? { context: user } : { status: 401, reason: "Log in first." };
};
attachWebSocketRpc(server, (_request, { context }) => new Api(context), { authorize });
attachWebSocketRpc(server, (_request, { context }) => new Api(context), {
  authorize: (request: IncomingMessage) =>
    request.url === "/" ? { context: { name: "Ada" } } : { status: 404 },
});
attachWebSocketRpc(server, (_request, { context }) => new Api(context), {
  authorize: async (request: IncomingMessage) => {
    const user = await userOf(request.headers.authorization);
    return user ? { context: user } : { status: 401 };
  },
});
attachWebSocketRpc(server, async (_request, { context }) => new Api(context), {
  origins: ["https://app.example"],
  authorize: async ({ headers }: IncomingMessage) => {
    const user = await userOf(headers.authorization);
    return user !== undefined && { context: user };
  },
});

// @ts-expect-error There is no context without authorize.
attachWebSocketRpc<Client, User>(server, (_request, { context }) => new Api(context));
// @ts-expect-error Nor with other options alone.
attachWebSocketRpc<Client, User>(server, (_request, { context }) => new Api(context), {
  path: "/",
});
// @ts-expect-error Nor where it isn't named.
attachWebSocketRpc(server, (_request, { context }) => new Api(context));
attachWebSocketRpc<Client, User>(server, (_request, { context }) => new Api(context), {
  // @ts-expect-error It may let a client in without a context.
  authorize: async () => true,
});
attachWebSocketRpc<Client, User>(server, (_request, { context }) => new Api(context), {
  // @ts-expect-error Another context.
  authorize: async () => ({ context: { nome: "Ada" } }),
});
