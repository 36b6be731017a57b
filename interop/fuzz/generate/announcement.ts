import { ANNOUNCEMENT_ID } from "@capnweb/wire";
import type { Random } from "../random.ts";
import type { Ids } from "./ids.ts";

/** A message that announces the attacker's extensions and limits. It is seldom hostile. */
export function announcement(random: Random): unknown {
  const documents = ["json", "table"].filter(() => random.chance(0.7));
  const features = [["calls", "frames", "bytes", "context", ...documents]];
  const limits = random.chance(0.7) ? {} : { limits: random.pick(LIMITS) };
  return ["reject", ANNOUNCEMENT_ID, { capnweb: { v: 1, features, ...limits } }];
}

/** A message that tells a context, or that cancels a call. */
export function context(random: Random, ids: Ids): unknown {
  const capnweb = random.chance(0.6)
    ? { context: random.chance(0.1) ? random.pick(NO_CONTEXTS) : contextContent(random) }
    : { cancel: random.chance(0.9) ? ids.referred(random) : random.pick(NO_CONTEXTS) };
  return ["reject", ANNOUNCEMENT_ID, { capnweb }];
}

function contextContent(random: Random): unknown {
  return {
    ...(random.chance(0.5) && { deadline: random.pick([0, 1, 5, 1e9, -1, 1e308, "1", null]) }),
    ...(random.chance(0.5) && { metadata: metadata(random) }),
    ...(random.chance(0.3) && { as: random.pick([0, 1, 15, 16, -1, 0.5, "0", null]) }),
    ...(random.chance(0.3) && { traceparent: random.pick(["00-a-b-01", "x".repeat(200), 5]) }),
    ...(random.chance(0.2) && { tracestate: random.pick(["a=1", "x".repeat(600), {}]) }),
  };
}

/** Seldom hostile: hostile metadata ends the session. */
function metadata(random: Random): unknown {
  if (random.chance(0.9)) return random.pick([{}, { tenant: "a" }, { list: [1, [2]], a: null }]);
  // The number of metadata that may have been sent before.
  if (random.chance(0.5)) return random.pick([0, 1, 15]);
  return random.pick([[], 5, { text: "x".repeat(20_000) }, { toJSON: 1, then: {} }]);
}

const NO_CONTEXTS: readonly unknown[] = [null, [], "", 5, {}];

const LIMITS: readonly unknown[] = [
  { maxMessageSize: 1_000, maxFrameSize: 2_000 },
  { maxMessageSize: 0, maxFrameSize: -1 },
  { maxMessageSize: "1", maxFrameSize: null },
  [],
  null,
];
