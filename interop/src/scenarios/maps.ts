import { attempt, outcome, type Scenario } from "./scenario.ts";

export const mapScenarios: Scenario[] = [
  {
    name: "map: a property of each",
    oneBatch: true,
    run: async ({ api }) => api.users().map((user: any) => user.name),
  },
  {
    name: "map: a call on a captured stub",
    oneBatch: true,
    run: async ({ api }) => api.numbers(3).map((n: any) => api.add(n, 100)),
  },
  {
    name: "map: the element itself",
    oneBatch: true,
    run: async ({ api }) => api.numbers(3).map((n: any) => n),
  },
  {
    name: "map: a constant",
    oneBatch: true,
    run: async ({ api }) => api.numbers(2).map(() => "same"),
  },
  {
    name: "map: an object of promises",
    oneBatch: true,
    deviates: {
      where: "bytes",
      why: "the order in which promises that don't depend on each other resolve is not fixed",
    },
    run: async ({ api }) =>
      api.users().map((user: any) => ({ id: user.id, list: [user.greet("hey"), 1] })),
  },
  {
    name: "map: nothing from the callback",
    oneBatch: true,
    run: async ({ api }) => api.numbers(2).map(() => undefined),
  },
  {
    name: "map: over an empty array",
    oneBatch: true,
    run: async ({ api }) => api.numbers(0).map((n: any) => api.add(n, 1)),
  },
  {
    name: "map: over null",
    oneBatch: true,
    run: async ({ api }) => api.maybe(false).map((value: any) => value.name),
  },
  {
    name: "map: over a single value",
    oneBatch: true,
    run: async ({ api }) => api.maybe(true).map((value: any) => value.name),
  },
  {
    name: "map: over undefined",
    oneBatch: true,
    run: async ({ api }) => (await api.nothing().map((value: any) => value.name)) === undefined,
  },
  {
    name: "map: nested",
    oneBatch: true,
    run: async ({ api }) =>
      api.matrix().map((row: any) => row.map((cell: any) => api.add(cell, 1))),
  },
  {
    name: "map: nested, with the outer element captured",
    oneBatch: true,
    run: async ({ api }) =>
      api.userIds().map((id: any) => api.numbers(2).map((n: any) => api.add(id, n))),
  },
  {
    name: "map: chained",
    oneBatch: true,
    run: async ({ api }) =>
      api
        .userIds()
        .map((id: any) => api.user(id))
        .map((user: any) => user.name),
  },
  {
    name: "map: over a property",
    oneBatch: true,
    run: async ({ api }) => api.user(1).profile.tags.map((tag: any) => api.echo(tag)),
  },
  {
    name: "map: intermediate results reused",
    deviates: {
      where: "bytes",
      why: "independent promises resolve in another order",
    },
    oneBatch: true,
    run: async ({ api }) =>
      api.userIds().map((id: any) => {
        const user = api.user(id);
        return [user.name, user.greet(user.name)];
      }),
  },
  {
    name: "map: a callback of the client's is captured",
    deviates: {
      where: "bytes",
      why: "independent promises resolve in another order",
    },
    async run({ api, client }) {
      using callback = new client.RpcStub((x: number) => x * 3);
      return api.numbers(2).map((n: any) => callback(n));
    },
  },
  {
    name: "map: a failing call in the callback",
    oneBatch: true,
    run: async ({ api }) => outcome(api.users().map((user: any) => user.fail())),
  },
  {
    name: "map: over a failed call",
    oneBatch: true,
    run: async ({ api }) => outcome(api.fail("no list").map((x: any) => x)),
  },
  {
    name: "map: the callback throws",
    oneBatch: true,
    async run({ api }) {
      const failed = attempt(() =>
        api.numbers(1).map(() => {
          throw new Error("in the callback");
        }),
      );
      return [failed, await api.add(1, 1)];
    },
  },
  {
    name: "map: a function in the callback",
    oneBatch: true,
    async run({ api }) {
      const failed = attempt(() => api.numbers(1).map((n: any) => api.call(() => 1, n)));
      return [failed, await api.add(1, 1)];
    },
  },
  {
    name: "map: at the server, over the client's list",
    run: async ({ api, client }) => api.mapOver(new client.RpcPromise(Promise.resolve([1, 2]))),
  },
];
