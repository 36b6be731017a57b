/**
 * Conformance runs against a server or a client under test.
 *
 * @packageDocumentation
 */

export { formatReport, type ReportFormat } from "../report/index.ts";
export { type ClientUnderTest, runScenarios } from "./client-driver.ts";
export { ConformanceError } from "./errors.ts";
export type { ScenarioResult } from "./result.ts";
export type { Selection } from "./select.ts";
export { type ConformanceServer, type ServeOptions, serveConformance } from "./serve.ts";
export { type ServerTestOptions, testServer } from "./test-server.ts";
export { loadTranscripts } from "./transcripts.ts";
