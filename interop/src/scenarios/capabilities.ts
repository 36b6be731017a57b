import { outcome, type Scenario } from "./scenario.ts";

export const capabilityScenarios: Scenario[] = [
  {
    name: "callback: called",
    run: async ({ api }) => api.call((x: number) => x * 2, 21),
  },
  {
    name: "callback: called without waiting",
    async run({ api, settle }) {
      const seen: unknown[] = [];
      const result = await api.callWithoutWaiting((x: unknown) => seen.push(x), { n: 1 });
      await settle();
      return [result, seen];
    },
  },
  {
    name: "callback: its promise is the result",
    run: async ({ api }) => api.forward(async (x: string) => `${x}!`, "hi"),
  },
  {
    name: "callback: throws",
    run: async ({ api }) =>
      outcome(
        api.call(() => {
          throw new RangeError("from the client");
        }),
      ),
  },
  {
    name: "callback: twice",
    run: async ({ api }) => api.callTwice((x: number) => x + 100),
  },
  {
    name: "callback: kept and called later",
    async run({ api, settle }) {
      await api.keep((x: number) => -x);
      const result = [await api.callKept(1), await api.callKept(2)];
      await api.dropKept();
      await settle();
      return result;
    },
  },
  {
    name: "callback: the same function twice",
    run: async ({ api }) => {
      const callback = (x: number) => x + 1;
      return api.call(callback, 1, callback);
    },
  },
  {
    name: "callback: bounced",
    deviates: {
      where: "client",
      why: "the reference can't resolve a call with the caller's own stub",
    },
    async run({ api }) {
      using back = await api.bounce((x: number) => x + 1);
      return back(1);
    },
  },
  {
    name: "callback: gets a target",
    async run({ api, client }) {
      class Mine extends client.RpcTarget {
        hello() {
          return "from mine";
        }
      }
      return api.call(async (make: any) => await make.hello(), new Mine());
    },
  },
  {
    name: "target: passed, used and disposed",
    async run({ api, client, settle }) {
      const events: string[] = [];
      class Mine extends client.RpcTarget {
        count = 0;
        increment(by: number) {
          this.count += by;
          return this.count;
        }
        get value() {
          return this.count;
        }
        self() {
          return this;
        }
        [Symbol.dispose]() {
          events.push("disposed");
        }
      }
      const used = await api.useObject(new Mine());
      await settle();
      const pipelined = await api.pipelineOn(new Mine());
      await settle();
      return [used, pipelined, events];
    },
  },
  {
    name: "target: ignored arguments are disposed of",
    async run({ api, client, settle }) {
      const events: string[] = [];
      class Mine extends client.RpcTarget {
        [Symbol.dispose]() {
          events.push("disposed");
        }
      }
      const result = await api.ignore(new Mine(), [{ deep: new Mine() }]);
      await settle();
      return [result, events];
    },
  },
  {
    name: "target: arguments of a call to nothing are disposed of",
    async run({ api, client, settle }) {
      const events: string[] = [];
      class Mine extends client.RpcTarget {
        [Symbol.dispose]() {
          events.push("disposed");
        }
      }
      const result = await outcome(api.noSuchMethod(new Mine()));
      await settle();
      return [result, events];
    },
  },
  {
    name: "target: arguments of a failing call are disposed of",
    async run({ api, client, settle }) {
      const events: string[] = [];
      class Mine extends client.RpcTarget {
        [Symbol.dispose]() {
          events.push("disposed");
        }
      }
      const result = await outcome(api.failWithArgument(new Mine()));
      await settle();
      return [result, events];
    },
  },
  {
    name: "target: arguments beside a failing promise are disposed of",
    async run({ api, client, settle }) {
      const events: string[] = [];
      class Mine extends client.RpcTarget {
        [Symbol.dispose]() {
          events.push("disposed");
        }
      }
      const result = await outcome(api.echo(new Mine(), api.fail("beside")));
      await settle();
      return [result, events];
    },
  },
  {
    name: "stub: passed twice, then disposed",
    async run({ api, client, settle }) {
      let disposed = 0;
      class Mine extends client.RpcTarget {
        [Symbol.dispose]() {
          disposed++;
        }
      }
      const stub = new client.RpcStub(new Mine());
      await api.ignore(stub, stub);
      await settle();
      const before = disposed;
      stub[Symbol.dispose]();
      await settle();
      return [before, disposed];
    },
  },
  {
    name: "stub: in a result, used and disposed",
    async run({ api, events, settle }) {
      const counters = await api.counters();
      const results = [await counters.a.increment(), await counters.list[1].increment(3)];
      counters[Symbol.dispose]();
      await settle();
      return [results, [...events].sort()];
    },
  },
  {
    name: "stub: dup outlives the original",
    async run({ api, events, settle }) {
      const counter = await api.counter("dup");
      const copy = counter.dup();
      counter[Symbol.dispose]();
      const result = await copy.increment();
      await settle();
      const before = [...events];
      copy[Symbol.dispose]();
      await settle();
      return [result, before, [...events]];
    },
  },
  {
    name: "stub: used after it was disposed",
    async run({ api }) {
      const counter = await api.counter("gone");
      counter[Symbol.dispose]();
      counter[Symbol.dispose]();
      return outcome(Promise.resolve().then(() => counter.increment()));
    },
  },
  {
    name: "stub: a disposed one as an argument",
    async run({ api }) {
      const counter = await api.counter("gone");
      counter[Symbol.dispose]();
      return outcome(api.useObject(counter));
    },
  },
  {
    name: "stub: returned by the server",
    async run({ api }) {
      using counter = await api.stubOfCounter();
      return counter.increment(4);
    },
  },
  {
    name: "stub: from a promise at the server",
    async run({ api }) {
      using counter = await api.promiseOfCounter();
      return counter.increment(4);
    },
  },
  {
    name: "stub: of the main object, returned to itself",
    async run({ api }) {
      using echoed = await api.echo(api);
      return echoed.add(2, 3);
    },
    deviates: {
      where: "server",
      why: "the reference disposes of the argument before the result is delivered",
    },
  },
];
