import type { Attack } from "../attack.ts";
import { Native } from "../media/connection.ts";
import { call, pull, push } from "../messages.ts";

/** A push of a value. */
function pushed(value: unknown): Native {
  return new Native(["push", value]);
}

/** A list that names the previous list twice, and so on. */
function doubled(levels: number): unknown {
  let value: unknown = 0;
  for (let i = 0; i < levels; i++) value = [[value, value]];
  return value;
}

function circle(): unknown[] {
  const list: unknown[] = [];
  list.push([list]);
  return list;
}

/** A list that has a length and no elements. */
function holes(): unknown[] {
  const list: unknown[] = [];
  list.length = 2 ** 32 - 1;
  return list;
}

/** A view of a part of a larger buffer. */
function partOf(size: number, length: number): Uint8Array {
  return new Uint8Array(new ArrayBuffer(size), 0, length);
}

/** Values that aren't expressions, and messages that aren't lists of texts and numbers. */
const STRANGE: readonly (() => unknown)[] = [
  () => undefined,
  () => 5n,
  () => new Date(Number.NaN),
  () => ({ ends: "medium", reason: "x" }),
  () => Object.assign(["pull", 1], { ends: "peer" }),
  () => new Map([["push", 0]]),
  () => circle(),
  () => holes(),
  () => doubled(40),
  () => ["push", new Map([[{}, new Set([1])]])],
  () => ["push", /(a+)+$/],
  () => ["push", Object.assign(new Error("x"), { cause: circle() })],
  () => ["push", Object(Symbol.iterator.description)],
  () => ["push", ["bytes", new Float64Array(2)]],
  () => ["push", ["bytes", new DataView(new ArrayBuffer(1))]],
  () => ["push", ["bytes", new Uint8Array(0), "BigUint64Array"]],
  () => ["push", ["bigint", 5n]],
  () => ["push", ["date", 5n]],
  () => ["push", ["error", 5n, new Date(), holes(), circle()]],
  () => ["push", ["headers", [holes()]]],
  () => ["push", ["pipeline", 0, holes()]],
  () => ["push", ["pipeline", 0, [undefined, 5n, new Date()]]],
  () => ["push", ["pipeline", 0, ["echo"], holes()]],
  () => ["push", ["remap", 0, [], [], holes()]],
  () => ["push", ["remap", 0, [], holes(), [0]]],
  () => ["pull", Number.NaN],
  () => ["pull", 5n],
  () => ["release", 1, Number.POSITIVE_INFINITY],
  () => ["resolve", new Date(), circle()],
  () => ["abort", circle()],
  () => ["abort", new Proxy([], {}).concat(5n as never)],
];

/**
 * Attacks through parts of structured clones that no text has. The letter in each id is its kind.
 */
export const CLONES: readonly Attack[] = [
  {
    id: "ATK-A25",
    title: "A clone in which each list names the one before it twice is a tree of 2^40 values.",
    over: "session",
    needs: ["port"],
    messages: () => [pushed(doubled(40))],
  },
  {
    id: "ATK-A26",
    title: "A clone contains itself.",
    over: "session",
    needs: ["port"],
    messages: () => [pushed(circle())],
  },
  {
    id: "ATK-A27",
    title: "A clone is a list of four billion holes.",
    over: "session",
    needs: ["port"],
    messages: () => [pushed([holes()])],
  },
  {
    id: "ATK-A28",
    title: "Native integers, 200,000 in a clone, are each checked for their number of digits.",
    over: "session",
    needs: ["port"],
    messages: () => [pushed([Array(200_000).fill(10n ** 30n)])],
  },
  {
    id: "ATK-A29",
    title: "One view of a megabyte, named 50,000 times as a buffer, is copied each time.",
    over: "session",
    needs: ["port"],
    messages: () => {
      const view = partOf(1_000_001, 1_000_000);
      const list = Array.from({ length: 50_000 }, () => ["bytes", view, "ArrayBuffer"]);
      return [pushed([list])];
    },
  },
  {
    id: "ATK-A30",
    title: "A view of a megabyte is echoed 50,000 times in one answer.",
    over: "session",
    needs: ["port", "echo"],
    messages: () => {
      const view = partOf(1_000_000, 1_000_000);
      const list = Array.from({ length: 50_000 }, () => ["bytes", view]);
      return [pushed(["pipeline", 0, ["echo"], [[list]]]), pull(1)];
    },
  },
  {
    id: "ATK-C17",
    title: "Views of a byte keep buffers of a megabyte each, a thousand of them.",
    over: "session",
    needs: ["port"],
    messages: function* () {
      for (let i = 0; i < 1_000; i++) yield pushed(["bytes", partOf(1_000_000, 1)]);
    },
  },
  {
    id: "ATK-C18",
    title: "Clones of half a megabyte come faster than they are handled.",
    over: "session",
    needs: ["port"],
    messages: function* () {
      const list = Array(50_000).fill("x".repeat(10));
      for (let i = 0; i < 500; i++) yield pushed([list]);
    },
  },
  {
    id: "ATK-E17",
    title: "Clones of every sort that are no messages, each on a port of its own.",
    over: "sockets",
    needs: ["port"],
    async run(attacker) {
      for (const strange of STRANGE) {
        if (attacker.signal.aborted) break;
        const session = await attacker.openSession();
        if (session === undefined) break;
        await session.send(push("0"));
        await session.send(new Native(strange()));
        await Promise.race([session.ask("0"), attacker.wait(100)]);
        session.terminate();
      }
      return undefined;
    },
  },
  {
    id: "ATK-H16",
    title: "Bytes in shared memory change after the server took them.",
    over: "sockets",
    needs: ["port", "echo"],
    async run(attacker) {
      const session = await attacker.openSession();
      if (session === undefined) return undefined;
      const shared = new Uint8Array(new SharedArrayBuffer(1));
      await session.send(push(call(0, ["echo"], "0")));
      await session.send(new Native(["push", ["pipeline", 0, ["echo"], [["bytes", shared]]]]));
      // The answer comes only after the server has taken in everything before the question.
      const taken = session.message((message) => message.startsWith('["resolve",1,'));
      await session.send(pull(1));
      await Promise.race([taken, attacker.wait(500)]);
      shared[0] = 1;
      const answered = session.message((message) => message.startsWith('["resolve",2,'));
      await session.send(pull(2));
      const answer = await Promise.race([answered, attacker.wait(500)]);
      session.terminate();
      return /"0":1/.test(answer ?? "") ? "the bytes were changed" : undefined;
    },
  },
];
