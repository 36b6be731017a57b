import { outcome, type Scenario } from "./scenario.ts";

export const pipeliningScenarios: Scenario[] = [
  {
    name: "pipeline: three dependent calls",
    oneBatch: true,
    run: async ({ api }) => api.user(1).friend().friend().greet("hi"),
  },
  {
    name: "pipeline: properties",
    oneBatch: true,
    run: async ({ api }) => {
      const user = api.user(4);
      return Promise.all([user.id, user.name, user.profile.city.name, user.profile.tags]);
    },
  },
  {
    name: "pipeline: array element",
    oneBatch: true,
    deviates: {
      where: "server",
      why: "the reference looks for array elements by number only, and proxies give strings",
    },
    run: async ({ api }) => api.settings.list[1].v,
  },
  {
    name: "pipeline: promise as an argument",
    oneBatch: true,
    run: async ({ api }) => api.add(api.add(1, 2), api.add(3, 4)),
  },
  {
    name: "pipeline: promise deep in an argument",
    oneBatch: true,
    run: async ({ api }) => api.echo({ a: [api.user(1).name, { b: api.settings.theme }] }),
  },
  {
    name: "pipeline: the same promise twice",
    oneBatch: true,
    run: async ({ api }) => {
      const sum = api.add(1, 1);
      return api.echo([sum, sum]);
    },
  },
  {
    name: "pipeline: awaited twice",
    oneBatch: true,
    run: async ({ api }) => {
      const sum = api.add(1, 1);
      return Promise.all([sum, sum, sum.then((x: number) => x * 10)]);
    },
  },
  {
    name: "pipeline: result used after it was awaited",
    async run({ api }) {
      using user = await api.user(5);
      return [await user.name, await user.greet("again")];
    },
  },
  {
    name: "pipeline: on a promise after it was awaited",
    async run({ api }) {
      using promise = api.user(6);
      await promise;
      return promise.greet("still");
    },
  },
  {
    name: "pipeline: promise for a stub argument",
    oneBatch: true,
    run: async ({ api }) => api.call(api.makeAdder(10), 5),
  },
  {
    name: "pipeline: stub of the server's own goes back",
    async run({ api }) {
      using counter = await api.counter("back");
      return api.useObject(counter);
    },
  },
  {
    name: "pipeline: calls arrive in order",
    oneBatch: true,
    async run({ api }) {
      const counter = api.counter("order");
      return Promise.all([1, 2, 3, 4].map((by) => counter.increment(by)));
    },
  },
  {
    name: "pipeline: method of a returned function",
    oneBatch: true,
    run: async ({ api }) => api.makeAdder(2)(40),
  },
  {
    name: "pipeline: the promise of a promise",
    oneBatch: true,
    run: async ({ api }) => api.promiseOfPromise(),
  },
  {
    name: "pipeline: promise in a result",
    oneBatch: true,
    run: async ({ api }) => api.withPromise(),
  },
  {
    name: "pipeline: failing promise in a result",
    oneBatch: true,
    run: async ({ api }) => outcome(api.withFailingPromise()),
  },
  {
    name: "pipeline: on a promise in a result",
    oneBatch: true,
    run: async ({ api }) => api.withPromise().later,
  },
  {
    name: "pipeline: dup of a promise",
    oneBatch: true,
    deviates: { where: "bytes", why: "the reference sends a message to duplicate a promise" },
    run: async ({ api }) => {
      const user = api.user(7);
      const copy = user.dup();
      const name = copy.name;
      return name;
    },
  },
  {
    name: "promise: disposed before it settles",
    async run({ api, settle }) {
      const promise = api.slowAdd(1, 2);
      const result = outcome(promise);
      promise[Symbol.dispose]();
      await settle();
      return [await result, await api.add(1, 1)];
    },
  },
  {
    name: "promise: never awaited",
    async run({ api, settle }) {
      const promise = api.counter("unused");
      await settle();
      promise[Symbol.dispose]();
      await settle();
      return api.add(1, 1);
    },
  },
  {
    name: "promise: a local one as an argument",
    async run({ api, client }) {
      return api.add(new client.RpcPromise(Promise.resolve(1)), 2);
    },
  },
  {
    name: "promise: calls on a local one that becomes a remote stub",
    deviates: { where: "bytes", why: "the reference pulls a turn later" },
    async run({ api, client }) {
      const counter = new client.RpcPromise(Promise.resolve(api.counter("late")));
      const results = [counter.increment(1), counter.increment(2)];
      return Promise.all(results);
    },
  },
];
