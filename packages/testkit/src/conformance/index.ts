/**
 * Conformance runs against a server or a client under test, in Node. `runScenarios` of the main
 * entry plays the client's part in any runtime.
 *
 * @packageDocumentation
 */

export { formatReport, type ReportFormat } from "../report/index.ts";
export { type JsonReport, jsonReport, parseJsonReport } from "../report/json.ts";
export {
  type Column,
  type Matrix,
  type MatrixRow,
  matrixOf,
  type Score,
} from "../report/matrix.ts";
export { formatMatrix, type MatrixFormat } from "../report/matrix-formats.ts";
export type { RunInfo } from "../report/run-info.ts";
export type { ProtocolVersion } from "../transcript/versions.ts";
export { awaitServer } from "./await-server.ts";
export { ConformanceError, UnreachableError } from "./errors.ts";
export { HABITS, type Habit } from "./habits.ts";
export { parseKnown, withKnown } from "./known.ts";
export { type ScenarioResult, VERDICTS, type Verdict, verdictOf } from "./result.ts";
export type { RunOptions } from "./run-options.ts";
export type { Delivery, Performer, Scenario, Scenarios, Stage } from "./scenario.ts";
export { loadScenarios } from "./scenarios/index.ts";
export type { Selection } from "./select.ts";
export { type ConformanceServer, serveConformance } from "./serve.ts";
export type { ServeOptions } from "./serve-options.ts";
export type { ServerTestOptions } from "./server-test-options.ts";
export { testServer } from "./test-server.ts";
export { loadTranscripts } from "./transcripts.ts";
