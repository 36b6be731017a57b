import type { Side } from "../transcript/transcript.ts";

/** The facts about a run that a report states. */
export interface RunInfo {
  /** The name of the implementation under test. */
  readonly implementation: string;
  /** The side that was tested. */
  readonly side: Side;
  /** The medium: `WebSocket` or `HTTP batch`. */
  readonly medium: string;
  /** The version of the kit. */
  readonly kit: string;
  /** The version of the protocol that was asked for. */
  readonly profile?: string | undefined;
  /** True if habits were refused. */
  readonly strict?: boolean | undefined;
}

/** The facts of a run that names none. */
export const UNNAMED_RUN: RunInfo = {
  implementation: "the implementation under test",
  side: "server",
  medium: "WebSocket",
  kit: "unknown",
};
