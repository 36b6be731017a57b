// Compiled with the tests. Each line with an expected error fails if there is none.
import { type RpcStub, RpcTarget } from "@capnweb/core";
import { type HostOptions, RpcHost } from "../src/index.ts";

interface User {
  readonly id: string;
}

interface Client {
  notify(text: string): void;
}

class Api extends RpcTarget {
  constructor(_user: User, _client: RpcStub<Client>) {
    super();
  }
}

declare function userOf(authorization: string | null | undefined): Promise<User | undefined>;

// As in the doc comment of RpcHost.
new RpcHost({
  async authorize({ headers }) {
    const user = await userOf(headers.get("authorization"));
    return user ? { context: user, identity: user.id } : { status: 401, reason: "Log in." };
  },
  createMain: (user, { client }) => new Api(user, client),
});

new RpcHost<User, Client>({
  authorize: async ({ headers }) => {
    const user = await userOf(headers.get("authorization"));
    return user ? { context: user } : false;
  },
  createMain: (user, { client }) => new Api(user, client),
});

// Without authorize, there is no context.
// @ts-expect-error Property 'authorize' is missing
new RpcHost<User, Client>({ createMain: (user, { client }) => new Api(user, client) });
// @ts-expect-error Property 'authorize' is missing
new RpcHost({ createMain: (user: User) => new Api(user, undefined!) });
new RpcHost({ createMain: () => new Api({ id: "1" }, undefined!) });
new RpcHost<undefined, Client>({ createMain: (_, { client }) => new Api({ id: "1" }, client) });

// Options of a program that are passed on.
declare const options: HostOptions;
new RpcHost(options);
