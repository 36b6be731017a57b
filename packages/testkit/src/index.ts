/**
 * Tests for implementations of Cap'n Web.
 *
 * @packageDocumentation
 */

export { createApplication } from "./application/application.ts";
export { createAttackTarget } from "./attack/contract-target.ts";
export { ComplianceError } from "./compliance/expectations.ts";
export type {
  ComplianceTest,
  ServedApplication,
  TransportFeature,
  TransportFixture,
  TransportSetup,
} from "./compliance/fixture.ts";
export { transportCompliance } from "./compliance/suite.ts";
export { type ClientUnderTest, runScenarios } from "./conformance/client-driver.ts";
export type { Implementation, Session, SessionStats } from "./implementation.ts";
export { assertNoLeaks, LeakError, type LeakOptions } from "./leaks.ts";
export type { LinkEnd } from "./link/end.ts";
export { createMemoryLink, type LogEntry, type MemoryLink } from "./link/memory-link.ts";
export type { Cut, LinkOptions } from "./link/options.ts";
export {
  createScriptedPeer,
  type PeerEnd,
  type ScriptedPeer,
  type ScriptedPeerOptions,
} from "./peer/scripted-peer.ts";
export { type ProgramContext, runProgram } from "./program/run-program.ts";
export type { Notes, Step, Template } from "./program/steps.ts";
export { FEATURE_DESCRIPTIONS, FEATURES, type Feature } from "./transcript/features.ts";
export { formatTranscript, parseTranscript } from "./transcript/format.ts";
export { StalledError } from "./transcript/lockstep.ts";
export { type Actor, type Part, type Performance, play, type Scene } from "./transcript/play.ts";
export { scenarioSlug } from "./transcript/slug.ts";
export type { Line, Role, Side, Transcript } from "./transcript/transcript.ts";
export { PROTOCOL_VERSIONS, type ProtocolVersion } from "./transcript/versions.ts";
