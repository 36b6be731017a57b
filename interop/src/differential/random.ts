import fc from "fast-check";
import { kinds } from "./enumerate.ts";
import { operations } from "./operations.ts";
import { places } from "./places.ts";
import type { Program } from "./run.ts";
import type { Kind, Operation, World } from "./world.ts";

/** Kinds, places and operations without intended differences, in any combination. */
const SOUND_KINDS =
  /^(undefined|null|true|a number|-0|NaN|text|a bigint|a date|a Uint8Array|an ArrayBuffer|a URL|an array|an object|an Error|an error with properties|a target|a function|an async function|a stub|an RpcPromise of data|an RpcPromise of a target|a call of a stub)$/;
const SOUND_PLACES =
  /^(?!local|echo|argument of a method that|element|constant|.*chunk|.*error|thrown|cause)/;
const SOUND_OPERATIONS = /^(?!pass on|map|onRpcBroken|JSON|set|inspect|end|dispose of the session)/;

type Tree = Kind | readonly Tree[] | { readonly [key: string]: Tree };

const kind = fc.constantFrom(...kinds.filter(({ name }) => SOUND_KINDS.test(name)));

const trees: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, depthIdentifier: "tree" },
    kind,
    fc.array(tie("tree"), { maxLength: 3, depthIdentifier: "tree" }),
    fc.dictionary(fc.constantFrom("name", "inner", "deep", "other"), tie("tree"), {
      maxKeys: 3,
      depthIdentifier: "tree",
    }),
  ) as fc.Arbitrary<Tree>,
})).tree;

const isKind = (tree: Tree): tree is Kind => typeof (tree as Kind).make === "function";

function make(tree: Tree, world: World): unknown {
  if (isKind(tree)) return tree.make(world);
  if (Array.isArray(tree)) return tree.map((each) => make(each, world));
  return Object.fromEntries(Object.entries(tree).map(([key, each]) => [key, make(each, world)]));
}

function nameOf(tree: Tree): string {
  if (isKind(tree)) return tree.name;
  if (Array.isArray(tree)) return `[${tree.map(nameOf).join(", ")}]`;
  return `{${Object.entries(tree)
    .map(([key, each]) => `${key}: ${nameOf(each)}`)
    .join(", ")}}`;
}

/** Combines operations into a sequence. */
const inSequence = (steps: readonly Operation[]): Operation => ({
  name: steps.map(({ name }) => name).join(" + "),
  async run(world, value) {
    const seen: unknown[] = [];
    for (const step of steps) seen.push(await step.run(world, value));
    return seen.join(" / ");
  },
});

/** Programs with nested values, and several operations in sequence. */
export const randomPrograms: fc.Arbitrary<Program> = fc
  .record({
    tree: trees,
    place: fc.constantFrom(...places.filter(({ name }) => SOUND_PLACES.test(name))),
    steps: fc.array(
      fc.constantFrom(...operations.filter(({ name }) => SOUND_OPERATIONS.test(name))),
      {
        minLength: 1,
        maxLength: 3,
      },
    ),
  })
  .map(({ tree, place, steps }) => ({
    medium: "in memory",
    kind: { name: nameOf(tree), make: (world: World) => make(tree, world) },
    place,
    operation: inSequence(steps),
  }));
