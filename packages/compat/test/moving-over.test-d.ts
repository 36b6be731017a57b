// Programs written for capnweb compile when only the import is changed.
import { createServer } from "node:http";
import {
  newBunWebSocketRpcHandler,
  newHttpBatchRpcResponse,
  newHttpBatchRpcSession,
  newMessagePortRpcSession,
  newWebSocketRpcSession,
  newWorkersRpcResponse,
  nodeHttpBatchRpcResponse,
  RpcPromise,
  RpcSession,
  type RpcSessionOptions,
  RpcStub,
  RpcTarget,
  type RpcTransport,
} from "@capnweb/compat";

interface Profile {
  name: string;
  photo: string;
}

interface PublicApi {
  authenticate(token: string): AuthedApi;
  getProfile(userId: number): Promise<Profile>;
}

interface AuthedApi {
  getUserId(): number;
  getFriendIds(): number[];
}

export async function batch(): Promise<string[]> {
  const api = newHttpBatchRpcSession<PublicApi>("https://example.com/api");
  const authed: RpcPromise<AuthedApi> = api.authenticate("token");
  const userId: RpcPromise<number> = authed.getUserId();
  const profilePromise = api.getProfile(userId);
  const friendsPromise = authed.getFriendIds().map((id) => {
    return { id, profile: api.getProfile(id) };
  });
  const [profile, friends] = await Promise.all([profilePromise, friendsPromise]);
  return [profile.name, ...friends.map((friend) => `${friend.id}: ${friend.profile.name}`)];
}

interface Greeter extends RpcTarget {
  getUser(): Profile;
  greet(name: string): string;
}

class GreeterImpl extends RpcTarget implements Greeter {
  private readonly user: Profile;
  constructor(user: Profile) {
    super();
    this.user = user;
  }
  getUser(): Profile {
    return this.user;
  }
  greet(name: string): string {
    return `Hello, ${name}!`;
  }
}

export async function session(): Promise<string[]> {
  using stub: RpcStub<Greeter> = newWebSocketRpcSession<Greeter>("wss://example.com/api");
  using user = stub.getUser();
  const greeting: string = await stub.greet(user.name);
  stub.onRpcBroken((error: any) => console.error(error));
  return [greeting];
}

type Listener = RpcStub<(message: string) => void>;

export class Notifier extends RpcTarget {
  #listener?: Listener;
  register(listener: Listener) {
    this.#listener?.[Symbol.dispose]();
    this.#listener = listener.dup();
  }
  notify(message: string) {
    this.#listener?.(message);
  }
  [Symbol.dispose]() {
    this.#listener?.[Symbol.dispose]();
  }
}

export async function listen(): Promise<void> {
  using notifier = newWebSocketRpcSession<Notifier>("wss://example.com/api");
  await notifier.register((message) => console.log(message.toUpperCase()));
  await notifier.notify("hello");
}

const options: RpcSessionOptions = { onSendError: (error) => console.error(error) };

export const servers = {
  node: createServer(async (request, response) => {
    const main = new GreeterImpl({ name: "x", photo: "y" });
    await nodeHttpBatchRpcResponse(request, response, main, {
      headers: { "Access-Control-Allow-Origin": "*" },
    });
  }),
  workers: { fetch: (request: Request) => newWorkersRpcResponse(request, new Notifier(), options) },
  bun: newBunWebSocketRpcHandler(() => new Notifier()),
  async fetch(request: Request): Promise<Response> {
    const response = await newHttpBatchRpcResponse(request, new Notifier());
    response.headers.set("Access-Control-Allow-Origin", "*");
    return response;
  },
};

export function ports(): void {
  const { port1, port2 } = new MessageChannel();
  newMessagePortRpcSession(port1, new GreeterImpl({ name: "x", photo: "y" }));
  using greeter: RpcStub<Greeter> = newMessagePortRpcSession<Greeter>(port2);
  void greeter.greet("x");
}

class MyTransport implements RpcTransport {
  async send(message: string): Promise<void> {
    console.log(message);
  }
  receive(): Promise<string> {
    return new Promise(() => {});
  }
  abort(reason: any): void {
    console.error(reason);
  }
}

export const local = {
  session: new RpcSession<Greeter>(new MyTransport(), new Notifier(), options),
  stub: new RpcStub(new GreeterImpl({ name: "x", photo: "y" })),
  promise: new RpcPromise(Promise.resolve(new GreeterImpl({ name: "x", photo: "y" }))),
  names: async (ids: RpcPromise<number[]>, api: RpcStub<PublicApi>) =>
    await ids.map((id) => [id, api.getProfile(id)]),
};
