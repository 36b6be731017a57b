/**
 * Records Cap'n Web sessions, and shows them on a page: for servers in Node, as a proxy, and for
 * recorded files. `@capnweb/inspector/model` has the model alone, for any runtime.
 *
 * @packageDocumentation
 */

export { type FilePage, serveRecording } from "./proxy/file-server.ts";
export {
  InspectorProxy,
  type InspectorProxyOptions,
  inspectorProxy,
} from "./proxy/inspector-proxy.ts";
export { recordFile } from "./recording/record-file.ts";
export {
  Recorder,
  type RecorderOptions,
  type RecordingOptions,
  type SessionFacts,
  SessionRecorder,
} from "./recording/recorder.ts";
export type { AuthorizeInspector, InspectorDecision } from "./server/access.ts";
export { InspectorAccessError, PageMissingError } from "./server/errors.ts";
export { type InspectOptions, type Inspector, inspect } from "./server/inspect.ts";
