import fc from "fast-check";
import type { Implementation } from "./implementation.ts";
import { defineMembers, plainValue, type RandomApi } from "./random-apis.ts";

/**
 * One step of a random program. Steps refer to the results of earlier ones by index, modulo their
 * number, so that every list of steps is a program. Index 0 is the main stub.
 */
export type Step =
  | { readonly do: "child" | "get" | "list" | "fail" | "name" | "dup"; readonly on: number }
  | { readonly do: "echo" | "later"; readonly on: number; readonly value: unknown }
  | { readonly do: "use"; readonly on: number; readonly argument: number }
  | { readonly do: "call"; readonly on: number; readonly value: number; readonly fails: boolean }
  | { readonly do: "map"; readonly on: number; readonly captured: number; readonly nested: boolean }
  /** Uses a member of a random object. */
  | { readonly do: "member"; readonly on: number; readonly which: number }
  | { readonly do: "await" | "dispose" | "forget"; readonly on: number };

const on = fc.nat(12);
/** Random programs: calls, pipelines, callbacks, maps, disposals, and results left alone. */
export const programs: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ do: fc.constantFrom("child", "get", "list", "fail", "name", "dup"), on }),
    fc.record({ do: fc.constantFrom("echo", "later"), on, value: plainValue }),
    fc.record({ do: fc.constant("use" as const), on, argument: fc.nat(12) }),
    fc.record({ do: fc.constant("call" as const), on, value: fc.nat(), fails: fc.boolean() }),
    fc.record({ do: fc.constant("map" as const), on, captured: fc.nat(12), nested: fc.boolean() }),
    fc.record({ do: fc.constant("member" as const), on, which: fc.nat(4) }),
    fc.record({ do: fc.constantFrom("await", "dispose"), on }),
  ) as fc.Arbitrary<Step>,
  { minLength: 1, maxLength: 15 },
);

/** Random programs that leave some results neither awaited nor disposed of. */
export const carelessPrograms: fc.Arbitrary<Step[]> = fc
  .array(fc.tuple(programs, fc.nat(12)), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.flatMap(([steps, on]) => [...steps, { do: "forget" as const, on }]));

/**
 * The object that programs work on, with the members of `api` beside its own. `alive` counts the
 * objects that were handed out and not yet disposed of.
 */
export function createNode(
  { RpcTarget }: Implementation,
  alive: { count: number },
  api: RandomApi,
): object {
  class Node extends RpcTarget {
    readonly #depth: number;
    constructor(depth: number) {
      super();
      this.#depth = depth;
      alive.count++;
    }
    get name() {
      return `node ${this.#depth}`;
    }
    get place() {
      return { depth: this.#depth, tags: ["x", "y"] };
    }
    child() {
      return new Node(this.#depth + 1);
    }
    list() {
      return [1, 2, 3].map((n) => ({ n, label: `${this.#depth}.${n}` }));
    }
    echo(given: unknown) {
      return { given };
    }
    async later(given: unknown) {
      await Promise.resolve();
      return [given];
    }
    fail(): never {
      throw new RangeError(`failed at ${this.#depth}`);
    }
    async nameOf(other: any) {
      return `${this.#depth} met ${await other.name}`;
    }
    async call(callback: (x: number) => unknown, x: number) {
      return { answered: await callback(x) };
    }
    [Symbol.dispose]() {
      alive.count--;
    }
  }
  const make = (members: RandomApi): object => {
    class Special extends Node {}
    defineMembers(Special.prototype, members, make);
    return new Special(members.length);
  };
  return make(api);
}

/**
 * Runs a program.
 *
 * @returns its observations as text: they must be the same everywhere
 */
export async function runProgram(
  main: any,
  steps: readonly Step[],
  api: RandomApi,
): Promise<string[]> {
  interface Variable {
    readonly kind: "node" | "list" | "value";
    readonly stub: any;
    readonly api: RandomApi;
    /** True if it was disposed of, or forgotten. */
    isGone: boolean;
  }
  const variables: Variable[] = [{ kind: "node", stub: main, api, isGone: false }];
  const seen: string[] = [];
  const add = (kind: Variable["kind"], stub: any, members: RandomApi = []) =>
    variables.push({ kind, stub, api: members, isGone: false });
  const find = (index: number, kind?: Variable["kind"]) => {
    const usable = variables.filter((each) => !each.isGone && (!kind || each.kind === kind));
    return usable[index % usable.length];
  };

  for (const step of steps) {
    const target = find(
      step.on,
      step.do === "map" ? "list" : WITH_ANY.includes(step.do) ? undefined : "node",
    );
    if (target === undefined) continue;
    const { stub } = target;
    switch (step.do) {
      case "child":
        add("node", stub.child());
        break;
      case "get":
        add("value", stub.place.tags);
        break;
      case "name":
        add("value", stub.name);
        break;
      case "list":
        add("list", stub.list());
        break;
      case "fail":
        add("value", stub.fail());
        break;
      case "dup":
        add("node", stub.dup(), target.api);
        break;
      case "echo":
        add("value", stub.echo(step.value));
        break;
      case "later":
        add("value", stub.later(step.value));
        break;
      case "use":
        add("value", stub.nameOf(find(step.argument, "node")!.stub));
        break;
      case "call":
        add(
          "value",
          stub.call((x: number) => {
            if (step.fails) throw new TypeError(`callback refused ${x}`);
            return x + 1;
          }, step.value),
        );
        break;
      case "map": {
        const captured = find(step.captured, "node")!.stub;
        add(
          "value",
          stub.map((each: any) =>
            step.nested
              ? captured.list().map((inner: any) => ({ outer: each.n, inner: inner.label }))
              : { n: each.n, echoed: captured.echo(each.label) },
          ),
        );
        break;
      }
      case "member": {
        if (target.api.length === 0) break;
        const index = step.which % target.api.length;
        const member = target.api[index]!;
        const property = stub[`m${index}`];
        if (member.is === "property") add("value", property);
        else if ("api" in member) add("node", property(), member.api);
        else add("value", property());
        break;
      }
      case "await":
        if (target.kind === "node") seen.push(String(await settled(stub.name)));
        else seen.push(await settled(stub));
        break;
      case "dispose":
      case "forget":
        if (variables.indexOf(target) === 0) break;
        target.isGone = true;
        if (step.do === "dispose") dispose(stub);
    }
  }
  for (const { kind, stub, isGone } of variables) {
    if (kind !== "node" && !isGone) seen.push(await settled(stub));
  }
  for (const { stub, isGone } of variables.slice(1)) if (!isGone) dispose(stub);
  return seen;
}

/** Steps to which any variable applies. */
const WITH_ANY: readonly Step["do"][] = ["await", "forget"];

async function settled(promise: PromiseLike<unknown>): Promise<string> {
  try {
    return JSON.stringify(await promise);
  } catch (error) {
    const { name, message } = error as Error;
    // The wording differs for local values, remote values, stubs and promises.
    return message.includes("disposed") ? "disposed" : `${name}: ${message}`;
  }
}

/**
 * Disposes of a stub. The reference's promises of properties have no disposer, because they hold
 * nothing.
 */
function dispose(stub: any): void {
  stub[Symbol.dispose]?.();
}
