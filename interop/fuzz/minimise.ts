import { splitLines } from "@capnweb/wire";
import { isJoined } from "@capnweb/wire/internal";
import { type Fault, type Sequence, type Step, signature } from "./sequence.ts";

/**
 * Minimises a sequence that has a fault. Leaves out steps, then parts of messages, for as long as
 * the fault stays.
 *
 * @param seconds the time after which minimising stops
 * @returns the smaller sequence, or `undefined` if the fault doesn't recur
 */
export async function minimise(
  sequence: Sequence,
  fault: Fault,
  run: (sequence: Sequence) => Promise<readonly Fault[]>,
  seconds: number,
): Promise<Sequence | undefined> {
  const end = Date.now() + seconds * 1_000;
  const wanted = essence(fault);
  const fails = async (steps: readonly Step[]) =>
    Date.now() < end &&
    (await run({ ...sequence, steps })).some((each) => essence(each) === wanted);
  if (!(await fails(sequence.steps))) return undefined;
  const apart = sequence.steps.flatMap(takeApart);
  let steps = (await fails(apart)) ? apart : sequence.steps;
  steps = await leaveOut(steps, fails);
  steps = await simplify(steps, fails);
  return { ...sequence, steps: await leaveOut(steps, fails) };
}

type Fails = (steps: readonly Step[]) => Promise<boolean>;

async function leaveOut(all: readonly Step[], fails: Fails): Promise<readonly Step[]> {
  let steps = all;
  for (let size = Math.ceil(steps.length / 2); size > 0; size = Math.floor(size / 2)) {
    for (let at = 0; at < steps.length; ) {
      const shorter = [...steps.slice(0, at), ...steps.slice(at + size)];
      if (await fails(shorter)) steps = shorter;
      else at += size;
    }
  }
  return steps;
}

/** Replaces parts of messages with simple values. Ids count pushes, so a push stays one. */
async function simplify(all: readonly Step[], fails: Fails): Promise<readonly Step[]> {
  let steps = all;
  for (let at = 0; at < steps.length; at++) {
    for (;;) {
      const simpler = await simplifyOne(steps, at, fails);
      if (!simpler) break;
      steps = simpler;
    }
  }
  return steps;
}

/** @returns the steps with one message a little simpler, if they still have the fault */
async function simplifyOne(
  steps: readonly Step[],
  at: number,
  fails: Fails,
): Promise<readonly Step[] | undefined> {
  const step = steps[at]!;
  const tree = treeOf(step);
  for (const path of pathsOf(tree)) {
    for (const candidate of candidates(tree, path)) {
      const message = isText(step) ? JSON.stringify(candidate) : candidate;
      const simpler = steps.with(at, { message });
      if (await fails(simpler)) return simpler;
    }
  }
  return undefined;
}

/** The paths to all parts of a tree that have parts themselves, large ones first. */
function pathsOf(tree: unknown, path: readonly string[] = []): string[][] {
  if (typeof tree !== "object" || tree === null) return [];
  const inner = Object.entries(tree).flatMap(([key, child]) => pathsOf(child, [...path, key]));
  return path.length === 0 ? inner : [[...path], ...inner];
}

/**
 * Variants of a tree in which the part at a path is 0, has no elements, or is left out of a list.
 */
function candidates(tree: unknown, path: readonly string[]): unknown[] {
  const part = path.reduce<any>((at, key) => at?.[key], tree);
  if (typeof part !== "object" || part === null) return [];
  const made: unknown[] = [replaced(tree, path, 0)];
  if (Array.isArray(part)) {
    if (typeof part[0] !== "string") made.push(replaced(tree, path, []));
    for (const child of part) if (Array.isArray(child)) made.push(replaced(tree, path, child));
  } else {
    for (const child of Object.values(part)) made.push(replaced(tree, path, child));
  }
  return made;
}

function replaced(tree: any, [key, ...rest]: readonly string[], part: unknown): unknown {
  if (key === undefined) return part;
  const child = replaced(tree[key], rest, part);
  return Array.isArray(tree) ? tree.with(Number(key), child) : { ...tree, [key]: child };
}

/** Splits a text into its messages. */
function takeApart(step: Step): Step[] {
  if (!isText(step)) return [step];
  const text = (step as { message: string }).message;
  return isJoined(text) ? splitLines(text).map((message) => ({ message })) : [step];
}

function isText(step: Step): boolean {
  return "message" in step && typeof step.message === "string";
}

function treeOf(step: Step): unknown {
  if (!("message" in step)) return undefined;
  if (!isText(step)) return step.message;
  try {
    return JSON.parse(step.message as string);
  } catch {
    return undefined;
  }
}

/** A fault's kind, for comparison. Hangs, slowness and lack of memory count as the same. */
function essence(fault: Fault): string {
  const isExhausted = /^(a hang|slow|the process ends)$/.test(fault.kind);
  return isExhausted ? "exhaustion" : signature(fault);
}
