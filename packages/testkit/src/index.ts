/**
 * Tests for implementations of Cap'n Web.
 *
 * @packageDocumentation
 */

export { createApplication } from "./application/application.ts";
export type { Implementation, Session, SessionStats } from "./implementation.ts";
export { type ProgramContext, runProgram } from "./program/run-program.ts";
export type { Notes, Step, Template } from "./program/steps.ts";
export { formatTranscript, parseTranscript } from "./transcript/format.ts";
export { type Actor, type Part, type Performance, play, type Scene } from "./transcript/play.ts";
export {
  FEATURES,
  type Feature,
  type Line,
  type Role,
  type Side,
  type Transcript,
} from "./transcript/transcript.ts";
