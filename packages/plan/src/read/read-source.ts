import { isIndex } from "../shape/names.ts";
import { Fields, invalid, onlyKey, quoted } from "./fields.ts";
import type { Scope } from "./scope.ts";
import type { Read } from "./tree.ts";

/** The facts about a plan that are counted while it is read. */
export interface Counts {
  captures: number;
  /** Sources that were read. */
  sources: number;
}

/** Reads a source. @throws PlanError for one that isn't in scope, or isn't a source */
export function readSource(value: unknown, place: string, scope: Scope, counts: Counts): Read {
  counts.sources++;
  if (typeof value === "number") return readCapture(value, place, counts);
  const kind = onlyKey(value, place);
  const read = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (!read) throw invalid(place, `is no source: ${quoted(kind)}`);
  return read((value as Record<string, unknown>)[kind], `${place}.${kind}`, scope, counts);
}

type ReadKind = (value: unknown, place: string, scope: Scope, counts: Counts) => Read;

const KINDS: Readonly<Record<string, ReadKind>> = {
  capture(value, place, _scope, counts) {
    const index =
      typeof value === "number" ? value : new Fields(value, place, ["index"]).index("index");
    return readCapture(index, place, counts);
  },

  result(value, place, scope) {
    const number = new Fields(value, place, ["index"]).index("index");
    const read = scope.result(number);
    if (read) return read;
    throw invalid(
      place,
      `refers to step ${number}, which isn't an earlier step of this block or those around it`,
    );
  },

  param(value, place) {
    return { kind: "param", path: new Fields(value, place, ["path"]).path("path") };
  },

  byValue(value, place) {
    return { kind: "value", value: new Fields(value, place, [], ["value"]).value("value") };
  },

  var(value, place, scope) {
    const name = new Fields(value, place, ["name"]).name("name");
    const read = scope.variable(name);
    if (read) return read;
    throw invalid(place, `refers to the variable ${quoted(name)}, which isn't declared here`);
  },
};

function readCapture(index: number, place: string, counts: Counts): Read {
  if (!isIndex(index)) throw invalid(place, "must be the index of a capture");
  counts.captures = Math.max(counts.captures, index + 1);
  return { kind: "capture", index };
}
