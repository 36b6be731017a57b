import { type Random, weighted } from "../random.ts";
import { document, documentLike } from "./documents.ts";
import { expression } from "./expression.ts";
import type { Ids } from "./ids.ts";

/** Messages that only have a meaning together. Chance alone would seldom combine them. */
type Story = (random: Random, ids: Ids) => unknown[];

/** A promise of the attacker's that resolves to a value made from it. */
const cycle: Story = (random, ids) => {
  const promise = -++ids.introduced;
  const method = random.pick(["echo", "later", "wrap", "twice", "awaited", "callLater", "map"]);
  const made: unknown[] = [
    ["push", ["pipeline", 0, [method], [["promise", promise]]]],
    ["push", ["pipeline", ids.push(), random.chance(0.5) ? ["x"] : [], []]],
  ];
  const id = ids.push();
  if (random.chance(0.5)) made.push(["pull", random.pick([id, id - 1])]);
  const reference = random.pick([
    ["import", id],
    ["pipeline", id],
    ["promise", promise],
    ["pipeline", id - 1, ["x"]],
    ["pipeline", 0, [method], [["pipeline", id - 1]]],
    [
      [
        ["pipeline", id],
        ["import", id - 1],
      ],
    ],
    { x: ["pipeline", id] },
  ]);
  made.push(["resolve", promise, reference]);
  return made;
};

/** A value that becomes one level too deep when the application nests it in another. */
const tooDeep: Story = (random, ids) => {
  const levels = random.pick([251, 252, 253, 254, 255, 256]);
  const deep = JSON.parse("[[".repeat(levels) + "]]".repeat(levels));
  const method = random.pick(["wrap", "later", "twice", "callLater", "badWith", "inError"]);
  ids.push();
  const id = ids.sent;
  const args = [deep, ["export", -++ids.introduced]];
  if (random.chance(0.5)) args.reverse();
  return [
    ["push", ["pipeline", 0, [method], args]],
    ["pull", id],
  ];
};

/** Records that come back as a table, or as plain JSON, if the attacker has announced them. */
const documents: Story = (random, ids) => {
  const cell = () => random.pick<unknown>([["date", 0], ["bytes", "AA"], ["undefined"], null, 1]);
  const reference = () =>
    random.chance(0.5) ? ["export", ids.stub(random)] : ["pipeline", ids.referred(random)];
  const make = ids.isText && random.chance(0.5) ? document : documentLike;
  const value = make(random, random.chance(0.8) ? cell : reference);
  const method = random.pick(["echo", "later", "wrap", "twice", "keep"]);
  return [
    ["push", ["pipeline", 0, [method], [value]]],
    ["pull", ids.push()],
  ];
};

/** A pipe whose chunks hold references. It is closed or dropped while they wait. */
const chunks: Story = (random, ids) => {
  const id = ids.push();
  const made: unknown[] = [["pipe"]];
  // The story itself claims the pipe.
  const claim = [
    "push",
    ["pipeline", 0, [random.pick(["read", "readOne", "hang"])], [["readable", id]]],
  ];
  const claims = random.pick([0, 1, 1, 1, 1, 1, 1, 2]);
  if (claims > 0) {
    made.push(claim);
    ids.push();
  }
  for (let count = random.int(5); count > 0; count--) {
    const chunk = expression(random, ids, 2);
    // The pipe's own reading end, if the chunk is the first to claim it.
    const operand = random.chance(0.1) ? [[chunk, ["readable", id]]] : chunk;
    made.push(["stream", ["pipeline", id, ["write"], [operand]]]);
    ids.sent++;
  }
  const end = random.int(4);
  if (end === 0) {
    made.push(["release", id, 1]);
    ids.live.splice(ids.live.indexOf(id), 1);
  } else {
    made.push(["stream", ["pipeline", id, [end === 1 ? "close" : "abort"], []]]);
    ids.sent++;
  }
  if (claims > 1) {
    made.push(claim);
    ids.push();
  }
  return made;
};

/** A chain of promises that resolve to each other. */
const chain: Story = (random, ids) => {
  const length = random.pick([3, 20, 300]);
  const first = -ids.introduced - 1;
  ids.introduced += length;
  const made: unknown[] = [["push", ["pipeline", 0, ["echo"], [["promise", first]]]]];
  ids.push();
  for (let i = 0; i < length - 1; i++) {
    made.push(["resolve", first - i, random.chance(0.9) ? ["promise", first - i - 1] : 1]);
  }
  return made;
};

const pickStory = weighted<Story>([
  [4, documents],
  [5, cycle],
  [1, tooDeep],
  [4, chunks],
  [0.5, chain],
]);

export function story(random: Random, ids: Ids): unknown[] {
  return pickStory(random)(random, ids);
}

/** `map()`s inside `map()`s, on a list of two elements. */
const maps: Story = (random, ids) => {
  const list = ids.push();
  ids.push();
  let inner: unknown[] = [random.chance(0.5) ? 0 : ["pipeline", 0]];
  for (let depth = random.int(40); depth > 0; depth--) {
    inner = [["remap", -1, [], [["import", -1]], inner], 0];
  }
  return [
    ["push", [[0, 0]]],
    ["push", ["remap", list, [], [["import", list]], inner]],
  ];
};

/** Results, or errors, that each name the previous result twice. */
const doubled: Story = (random, ids) => {
  let last = ids.push();
  const isError = random.chance(0.4);
  const made: unknown[] = [
    ["push", ["pipeline", 0, ["echo"], [isError ? ["error", "Error", "m"] : 0]]],
  ];
  for (let count = random.int(40); count > 0; count--) {
    const both = { a: ["pipeline", last], b: ["pipeline", last] };
    const value = isError ? ["error", "Error", "m", null, both] : both;
    made.push(["push", random.chance(0.5) ? value : ["pipeline", 0, ["echo"], [value]]]);
    last = ids.push();
  }
  return [...made, ["pull", last]];
};

/** One small expression, repeated many times in a message. */
const heap: Story = (random, ids) => {
  const count = random.pick([1_000, 100_000]);
  const small = random.pick(SMALL);
  if (random.chance(0.5)) {
    ids.push();
    return [["push", [Array(count).fill(small)]]];
  }
  ids.push();
  return [["push", ["pipeline", 0, ["ignore"], Array(count).fill(small)]]];
};

const SMALL: readonly unknown[] = [
  ["error", "", ""],
  ["request", "a:", {}],
  ["writable", -1],
  ["export", -1],
  ["promise", -1],
  ["pipeline", 0, ["hang"], []],
  ["pipeline", 0, ["target"], []],
  ["headers", []],
  {},
];

/** Many copies of a large result. */
const copies: Story = (random, ids) => {
  const large = ids.push();
  const made: unknown[] = [["push", [Array(50_000).fill(0)]]];
  for (let count = random.int(100); count > 0; count--) {
    made.push(["push", ["pipeline", 0, [random.pick(["ignore", "echo"])], [["pipeline", large]]]]);
    const id = ids.push();
    if (random.chance(0.3)) made.push(["pull", id]);
  }
  return made;
};

/** Many messages of one kind. */
const flood: Story = (random, ids) => {
  const count = random.pick([500, 3_000]);
  const message = random.pick<readonly unknown[]>([
    ["pipe"],
    ["stream", ["pipeline", 0, ["hang"], []]],
    ["push", ["promise", -1]],
    ["push", ["pipeline", 0, ["target"], []]],
    ["pull", 0],
    ["stream", ["pipeline", 0, ["big"], []]],
  ]);
  if (message[0] !== "pull") ids.sent += count;
  return Array(count).fill(message);
};

const pickBomb = weighted<Story>([
  [1, maps],
  [1, doubled],
  [1, heap],
  [0.5, copies],
  [0.5, flood],
]);

/** Small messages that ask for much work. */
export function bomb(random: Random, ids: Ids): unknown[] {
  return pickBomb(random)(random, ids);
}
