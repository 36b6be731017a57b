import { outcome, type Scenario } from "./scenario.ts";

const KINDS = ["props", "cause", "aggregate", "custom", "string", "undefined", "object"];

export const errorScenarios: Scenario[] = [
  ...KINDS.map((kind) => ({
    name: `error: thrown ${kind}`,
    oneBatch: true,
    run: async ({ api }: any) => outcome(api.failWith(kind)),
    ...(kind === "custom" && {
      deviates: {
        where: "client" as const,
        why: "the reference gives up names of errors that aren't built in",
      },
    }),
  })),
  {
    name: "error: later",
    oneBatch: true,
    run: async ({ api }) => outcome(api.failLater()),
  },
  {
    name: "error: as a value",
    oneBatch: true,
    async run({ api }) {
      const error = Object.assign(new EvalError("e", { cause: 1 }), { extra: [1], f: undefined });
      const back = await api.echo(error);
      return [back.constructor.name, back.message, back.cause, Object.keys(back)];
    },
  },
  {
    name: "error: a property that can't travel is left out",
    oneBatch: true,
    async run({ api }) {
      const error = Object.assign(new Error("e"), { bad: new Map(), good: 1 });
      return Object.keys(await api.echo(error));
    },
  },
  {
    name: "error: no such method",
    oneBatch: true,
    run: async ({ api }) => outcome(api.noSuchMethod(1)),
  },
  {
    name: "error: no such method of a property",
    oneBatch: true,
    run: async ({ api }) => outcome(api.settings.theme.noSuchMethod()),
  },
  {
    name: "error: property of nothing",
    oneBatch: true,
    run: async ({ api }) => outcome(api.nothing().a.b),
  },
  {
    name: "error: property of a missing property",
    oneBatch: true,
    run: async ({ api }) => outcome(api.settings.missing.deeper),
  },
  {
    name: "error: instance property",
    oneBatch: true,
    run: async ({ api }) => outcome(api.user(1).instanceProperty),
  },
  {
    name: "error: names of Object.prototype stay local",
    oneBatch: true,
    async run({ api }) {
      return [typeof api.constructor, typeof api.hasOwnProperty, await api.add(1, 1)];
    },
  },
  {
    name: "error: pipelining on a failed call",
    oneBatch: true,
    run: async ({ api }) => outcome(api.fail("first").then2.greet("x")),
  },
  {
    name: "error: a failed call's promise as an argument",
    oneBatch: true,
    run: async ({ api }) => outcome(api.echo([api.fail("inner")])),
  },
  {
    name: "error: not awaited",
    async run({ api, settle }) {
      api.fail("nobody looks");
      await settle();
      return api.add(1, 2);
    },
  },
  {
    name: "error: target is called as a function",
    oneBatch: true,
    run: async ({ api }) => outcome(api.user(1)("x")),
  },
];
