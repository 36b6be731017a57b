import type { Call, Message } from "./records.ts";
import { operationOf } from "./references.ts";
import { plainText, writeArguments, writeExpression } from "./text.ts";

/** Explains a message in words, such as `#7 users.list(…) on the result of #6`. */
export function meaningOf({ text, tag, call, stream, id, problem }: Message): string {
  if (problem !== undefined) return problem;
  let tree: readonly unknown[];
  try {
    tree = JSON.parse(text);
  } catch {
    // A long text is cut.
    return call ? `${MEANINGS[tag] ?? tag} ${numbered(call)} …` : tag;
  }
  if (tag === "push" || tag === "stream") {
    if (stream) return `#${id} writes to stream ${stream.id}`;
    return operationText(tree[1], call);
  }
  if (tag === "pipe") return `#${id} opens a stream`;
  if (tag === "pull") return `asks for the result of ${call ? numbered(call) : `#${id}`}`;
  if (tag === "resolve") {
    if (stream) return `takes a chunk of stream ${stream.id} (#${id})`;
    return `answers ${call ? numbered(call) : `#${id}`}: ${writeExpression(tree[2], 120)}`;
  }
  if (tag === "reject") return rejection(tree, call, id);
  if (tag === "release") {
    const [, released, count] = tree as [string, number, number];
    if (released > 0) return `gives up the result of ${call ? numbered(call) : `#${released}`}`;
    const times = count === 1 ? "" : ` (${count} references)`;
    return `releases capability ${released}${times}`;
  }
  return `ends the session: ${writeExpression(tree[1], 160)}`;
}

const MEANINGS: Readonly<Record<string, string>> = {
  push: "calls",
  stream: "calls",
  resolve: "answers",
  reject: "rejects",
};

function numbered({ id, name }: Call): string {
  return `#${id} ${name}`;
}

function rejection(tree: readonly unknown[], call: Call | undefined, id: number | undefined) {
  const content = tree[2] as { capnweb?: Record<string, unknown> } | null;
  const announced = content?.capnweb;
  if (id === undefined && announced) {
    const [name] = Object.keys(announced);
    if (name === "context") return "sets the context of the calls that follow";
    return name === "cancel"
      ? `cancels #${plainText(announced["cancel"])}`
      : "announces its extensions";
  }
  const failure = writeExpression(tree[2], 160);
  return `rejects ${call ? numbered(call) : `#${id}`}: ${failure}`;
}

function operationText(expression: unknown, call: Call | undefined): string {
  const { kind, target, path, args } = operationOf(expression);
  const number = call ? `#${call.id} ` : "";
  if (kind === "value") return `${number}passes ${writeExpression(expression, 120)}`;
  const name = path.length > 0 ? path.join(".") : kind === "call" ? "(call)" : "(value)";
  const done = kind === "call" ? `${name}(${writeArguments(args)})` : name;
  const mapped = kind === "map" ? `${path.length > 0 ? `${name}.` : ""}map(…)` : done;
  return `${number}${mapped}${placeOf(target!, call)}`;
}

function placeOf(target: number, call: Call | undefined): string {
  if (target === 0) return "";
  if (target > 0) {
    const waited = call?.waitsFor.find(({ id }) => id === target);
    return ` on the result of #${target}${waited ? ` ${waited.name}` : ""}`;
  }
  return ` on capability ${target}`;
}
