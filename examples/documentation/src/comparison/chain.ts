import { RpcTarget } from "@capnweb/core";
import { newHttpBatchRpcSession, nodeHttpBatchRpcResponse } from "@capnweb/transport-http";
import { createORPCClient } from "@orpc/client";
import { RPCLink } from "@orpc/client/fetch";
import { os } from "@orpc/server";
import { RPCHandler } from "@orpc/server/node";
import { createTRPCClient, httpBatchLink } from "@trpc/client";
import { initTRPC } from "@trpc/server";
import { createHTTPHandler } from "@trpc/server/adapters/standalone";
import * as reference from "capnweb";
import { listen } from "./listen.ts";

/** Serves the requests by which a client gets a user's name, and notes their methods. */
async function counted(
  listener: Parameters<typeof import("node:http").createServer>[1],
  nameOf: (url: string) => Promise<unknown>,
): Promise<{ name: unknown; methods: (string | undefined)[] }> {
  const { server, port, close } = await listen();
  const methods: (string | undefined)[] = [];
  server.on("request", (request, response) => {
    methods.push(request.method);
    listener!(request, response);
  });
  const name = await nameOf(`http://127.0.0.1:${port}`);
  await close();
  return { name, methods };
}

const USERS = new Map([["token", 7]]);
const NAMES = new Map([[7, "Ada"]]);

/** The requests that two dependent calls take: a user by a token, and the name of this user. */
export const CHAINS: Record<string, () => ReturnType<typeof counted>> = {
  "@capnweb"() {
    class User extends RpcTarget {
      readonly #id: number;
      constructor(id: number) {
        super();
        this.#id = id;
      }
      name() {
        return NAMES.get(this.#id);
      }
    }
    class Api extends RpcTarget {
      user(token: string) {
        return new User(USERS.get(token)!);
      }
    }
    return counted(
      (request, response) => void nodeHttpBatchRpcResponse(request, response, new Api()),
      async (url) => await newHttpBatchRpcSession<Api>(url).user("token").name(),
    );
  },
  capnweb() {
    class User extends reference.RpcTarget {
      name() {
        return "Ada";
      }
    }
    class Api extends reference.RpcTarget {
      user(_token: string) {
        return new User();
      }
    }
    return counted(
      (request, response) => void reference.nodeHttpBatchRpcResponse(request, response, new Api()),
      async (url) => await reference.newHttpBatchRpcSession<Api>(url).user("token").name(),
    );
  },
  tRPC() {
    const { router, procedure } = initTRPC.create();
    const app = router({
      user: procedure.input(String).query(({ input }) => USERS.get(input)!),
      name: procedure.input(Number).query(({ input }) => NAMES.get(input)),
    });
    return counted(createHTTPHandler({ router: app }), async (url) => {
      const client = createTRPCClient<typeof app>({ links: [httpBatchLink({ url })] });
      return await client.name.query(await client.user.query("token"));
    });
  },
  oRPC() {
    const handler = new RPCHandler({
      user: os.handler(({ input }: { input: unknown }) => USERS.get(input as string)),
      name: os.handler(({ input }: { input: unknown }) => NAMES.get(input as number)),
    });
    return counted(
      (request, response) => void handler.handle(request, response, { context: {} }),
      async (url) => {
        const client: any = createORPCClient(new RPCLink({ url }));
        return await client.name(await client.user("token"));
      },
    );
  },
};
