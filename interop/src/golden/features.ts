import { FEATURES, type Feature, type Role, type Transcript } from "@capnweb/testkit";
import type { GoldenScene } from "./scene.ts";

type Node = readonly unknown[];

/** Recognises the expressions and objects of a program that need a feature. */
const EXPRESSIONS: Partial<Record<Feature, (node: Node) => boolean>> = {
  "special-numbers": ([tag]) => tag === "nan" || tag === "inf" || tag === "-inf",
  bigints: ([tag]) => tag === "bigint",
  "small-bigints": ([tag, digits]) =>
    tag === "bigint" && Math.abs(Number(digits)) <= Number.MAX_SAFE_INTEGER,
  dates: ([tag]) => tag === "date",
  "invalid-dates": ([tag, time]) => tag === "date" && time === null,
  bytes: ([tag]) => tag === "bytes",
  "typed-arrays": (node) => node[0] === "bytes" && node.length > 2,
  urls: ([tag]) => tag === "url",
  "list-holes": ([tag, name]) => tag === "$local" && name === "sparse",
  "aggregate-errors": ([tag, name]) =>
    (tag === "error" && name === "AggregateError") || (tag === "$local" && name === "aggregate"),
  "error-properties": (node) => node[0] === "error" && node.length > 4,
};

/** Kinds of `fail()` that throw other values than errors. */
const THROWN: readonly unknown[] = ["string", "undefined", "object"];

/**
 * The features that a scene needs: those that it names, and the details that its program, its notes
 * and its raw messages show. Malformed expressions need nothing.
 */
export function featuresOf(scene: GoldenScene, { notes, lines }: Transcript): Feature[] {
  const needed = new Set<Feature>(scene.features);
  if (scene.onSendError !== undefined) needed.add("on-send-error");
  if (scene.name.startsWith("unsendable:")) needed.add("unsendable");
  if (scene.name.startsWith("value:") && JSON.stringify(notes).includes('["undefined"]')) {
    needed.add("undefined");
  }
  if (!scene.name.startsWith("malformed")) {
    const program = [scene.client, scene.server].map(programOf);
    const raw = "raw" in scene.client ? lines.map(({ text }) => JSON.parse(text ?? "null")) : [];
    visit([program, notes, raw], needed);
  }
  return FEATURES.filter((each) => needed.has(each));
}

function programOf(role: Role): unknown {
  return "program" in role ? role.program : [];
}

function visit(tree: unknown, needed: Set<Feature>): void {
  if (typeof tree === "string" && /\p{Surrogate}/u.test(tree)) needed.add("lone-surrogates");
  if (typeof tree !== "object" || tree === null) return;
  if (Array.isArray(tree)) {
    for (const [feature, isNeeding] of Object.entries(EXPRESSIONS)) {
      if (isNeeding(tree)) needed.add(feature as Feature);
    }
  } else if (isThrowingCall(tree)) needed.add("thrown-values");
  for (const each of Object.values(tree)) visit(each, needed);
}

function isThrowingCall(step: { target?: unknown; args?: readonly unknown[] }): boolean {
  return step.target === "api.fail" && THROWN.includes(step.args?.[0]);
}
