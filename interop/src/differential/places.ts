import type { Place, World } from "./world.ts";

type Run = Place["run"];

/** Places in which the server gives the value; `ask` requests it at the client. */
const given =
  (ask: (api: any, world: World) => unknown): Run =>
  async (world, make, use) => {
    world.give = make;
    await use(ask(world.api, world));
  };

/** Places in which the client hands over the value with `hand`; the server takes it. */
const taken =
  (hand: (api: any, make: () => unknown, world: World) => unknown): Run =>
  (world, make, use) => {
    world.take = use;
    return hand(world.api, make, world);
  };

const caught = async (promise: PromiseLike<unknown>): Promise<any> => {
  try {
    return await promise;
  } catch (error) {
    return error;
  }
};

const collecting = (use: (value: any) => Promise<unknown>) =>
  new WritableStream({ write: use as (value: any) => Promise<void> });

const runs: Readonly<Record<string, Run>> = {
  argument: taken((api, make) => api.take(make())),
  "argument of a method that returns at once": taken((api, make) => api.takeWithoutWaiting(make())),
  "second argument": taken((api, make) => api.takeSecond(api.numbers(), make())),
  "nested argument": taken((api, make) => api.takeIn({ in: { a: make() } })),
  "argument that is an RpcPromise of it": taken((api, make, { rpc }) =>
    api.take(new rpc.RpcPromise(Promise.resolve(make()))),
  ),
  "result of a callback": taken((api, make) => api.takeResult(() => make())),
  "result of an async callback": taken((api, make) => api.takeResult(async () => make())),
  "chunk of an argument": taken((api, make) =>
    api.takeChunks(
      new ReadableStream({
        start(controller) {
          controller.enqueue(make());
          controller.close();
        },
      }),
    ),
  ),
  "chunk that is written": taken(async (api, make) => {
    const writer = (await api.sink()).getWriter();
    writer.closed.catch(() => {});
    await writer.write(make());
    await writer.close();
  }),
  "error of a callback": taken((api, make) =>
    api.takeError(() => {
      throw make();
    }),
  ),
  "constant in a map()": taken((api, make) => {
    const value = make();
    return api.numbers().map((_: any) => api.take(value));
  }),
  "input of a map()": async (world, make, use) => {
    world.give = make;
    world.take = use;
    return world.api.giveList().map((each: any) => world.api.take(each));
  },
  "output of a map()": given((api) => api.giveList().map((each: any) => each)),
  "part of the output of a map()": given((api) =>
    api.numbers().map((_: any) => ({ in: api.give() })),
  ),
  echo: async (world, make, use) => use(world.api.echo(make())),
  result: given((api) => api.give()),
  "result of an async method": given((api) => api.giveLater()),
  "nested result": given((api) => api.giveIn().in.a),
  "nested result, awaited": given(async (api) => (await api.giveIn()).in.a),
  "RpcPromise as a result": given((api) => api.givePromise()),
  "element of a list, on its promise": given((api) => api.giveList()[1]),
  property: given((api) => api.given),
  "nested property": given((api) => api.holder.in.a),
  "chunk of a result": given(async (api) => {
    const reader = (await api.giveStream()).getReader();
    const { value } = await reader.read();
    return value;
  }),
  "argument of a callback": async (world, make, use) => {
    world.give = make;
    return world.api.call(use);
  },
  "chunk that the server writes": async (world, make, use) => {
    world.give = make;
    return world.api.writeTo(collecting(use));
  },
  "thrown value": given((api) => caught(api.failWith())),
  cause: given((api) => caught(api.failWithCause()).then((error) => error.cause)),
  "property of an error": given((api) =>
    caught(api.failWithProperty()).then((error) => error.property),
  ),
  "local stub": async (world, make, use) => use(new world.rpc.RpcStub(make())),
  "local stub of an object": async (world, make, use) =>
    use(new world.rpc.RpcStub({ in: { a: make() } }).in.a),
  "local promise": async (world, make, use) =>
    use(new world.rpc.RpcPromise(Promise.resolve(make()))),
  "local promise of a holder": async (world, make, use) =>
    use(new world.rpc.RpcPromise(Promise.resolve({ in: { a: make() } })).in.a),
};

export const places: readonly Place[] = Object.entries(runs).map(([name, run]) => ({ name, run }));
