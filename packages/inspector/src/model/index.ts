/**
 * The model behind the inspector's page: it turns the messages of recorded sessions into calls,
 * capabilities, streams, errors and times. It runs anywhere, and does no input or output.
 *
 * @packageDocumentation
 */

export type {
  CloseEntry,
  Entry,
  FrameEntry,
  Given,
  Note,
  NoteEntry,
  OpenEntry,
  Side,
} from "../recording/entry.ts";
export {
  formatEntry,
  formatHeader,
  parseRecording,
  type Recording,
  RecordingError,
} from "../recording/lines.ts";
export { Ring } from "../recording/ring.ts";
export { InspectorModel } from "./inspector-model.ts";
export { type MethodTimes, OTHER_METHODS, quantile } from "./latencies.ts";
export { meaningOf } from "./meaning.ts";
export type {
  Call,
  Capability,
  Failure,
  Message,
  Problem,
  SessionInfo,
  Stream,
  Waste,
} from "./records.ts";
export { type SavedTest, testOf } from "./save-as-test.ts";
export type { Snapshot } from "./snapshot.ts";
export { MODEL_LIMITS, type ModelLimits } from "./store.ts";
export { isSwallowed } from "./swallowed.ts";
export { WASTE_WITHIN } from "./waste.ts";
