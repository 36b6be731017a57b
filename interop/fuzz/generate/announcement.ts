import { ANNOUNCEMENT_ID } from "@capnweb/wire";
import type { Random } from "../random.ts";

/** A message that announces the attacker's extensions and limits. It is seldom hostile. */
export function announcement(random: Random): unknown {
  const features = [["calls", "frames", "bytes"]];
  const limits = random.chance(0.7) ? {} : { limits: random.pick(LIMITS) };
  return ["reject", ANNOUNCEMENT_ID, { capnweb: { v: 1, features, ...limits } }];
}

const LIMITS: readonly unknown[] = [
  { maxMessageSize: 1_000, maxFrameSize: 2_000 },
  { maxMessageSize: 0, maxFrameSize: -1 },
  { maxMessageSize: "1", maxFrameSize: null },
  [],
  null,
];
