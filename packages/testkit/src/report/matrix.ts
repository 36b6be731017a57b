import { inOrder } from "../conformance/order.ts";
import { type ScenarioResult, type Verdict, verdictOf } from "../conformance/result.ts";
import { FEATURES, type Feature } from "../transcript/features.ts";
import type { JsonReport } from "./json.ts";

/** One implementation in one role, over one medium. */
export interface Column {
  /** The name of the implementation. */
  readonly implementation: string;
  /** The side and the medium, such as `server, WebSocket`. */
  readonly role: string;
  /** The verdict on each scenario, by id. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
  readonly counts: JsonReport["counts"];
}

/** A scenario, and its verdicts in the order of the columns; `undefined` where it didn't run. */
export interface MatrixRow {
  readonly id: string;
  readonly name: string;
  readonly verdicts: readonly (Verdict | undefined)[];
}

/** The number of passed scenarios, and of those that could have failed. */
export interface Score {
  readonly passed: number;
  readonly of: number;
}

/** The verdicts of several implementations. */
export interface Matrix {
  readonly columns: readonly Column[];
  /** Every scenario that ran somewhere, in the order of a run. */
  readonly rows: readonly MatrixRow[];
  /** For each feature, the scores in the order of the columns. */
  readonly features: readonly { readonly feature: Feature; readonly scores: readonly Score[] }[];
}

/** True if a scenario fails somewhere, known or not. */
export function isFailing({ verdicts }: MatrixRow): boolean {
  return verdicts.some((each) => each === "failed" || each === "known");
}

/** Compares reports. */
export function matrixOf(reports: readonly JsonReport[]): Matrix {
  const columns = reports.map(({ run, counts, results }) => ({
    implementation: run.implementation,
    role: `${run.side}, ${run.medium}`,
    verdicts: new Map(results.map((each) => [each.id, verdictOf(each)])),
    counts,
  }));
  const names = new Map(
    reports.flatMap(({ results }) => results.map(({ id, name }) => [id, name])),
  );
  const scenarios = [...names].map(([id, name]) => ({ id, name }));
  const rows = inOrder(scenarios).map(({ id, name }) => {
    return { id, name, verdicts: columns.map(({ verdicts }) => verdicts.get(id)) };
  });
  const features = FEATURES.map((feature) => ({
    feature,
    scores: reports.map(({ results }) => scoreOf(results, feature)),
  }));
  return {
    columns,
    rows,
    features: features.filter(({ scores }) => scores.some((score) => score.of > 0)),
  };
}

function scoreOf(results: readonly ScenarioResult[], feature: Feature): Score {
  const verdicts = results
    .filter(({ features }) => features?.includes(feature))
    .map((each) => verdictOf(each));
  const count = (...wanted: Verdict[]) => verdicts.filter((each) => wanted.includes(each)).length;
  return {
    passed: count("passed", "non-strict"),
    of: count("passed", "non-strict", "failed", "known"),
  };
}
