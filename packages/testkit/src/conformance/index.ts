/**
 * Conformance runs against a server or a client under test, in Node. `runScenarios` of the main
 * entry plays the client's part in any runtime.
 *
 * @packageDocumentation
 */

export { formatReport, type ReportFormat } from "../report/index.ts";
export { awaitServer } from "./await-server.ts";
export { ConformanceError, UnreachableError } from "./errors.ts";
export { HABITS, type Habit } from "./habits.ts";
export { parseKnown, withKnown } from "./known.ts";
export { type ScenarioResult, type Verdict, verdictOf } from "./result.ts";
export type { Selection } from "./select.ts";
export { type ConformanceServer, serveConformance } from "./serve.ts";
export type { ServeOptions } from "./serve-options.ts";
export { type ServerTestOptions, testServer } from "./test-server.ts";
export { loadTranscripts } from "./transcripts.ts";
