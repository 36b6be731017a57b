/**
 * Entries of docs/differences.md that other tests show: a part of the entry, a file, and a text in
 * the file.
 */
export const elsewhere: readonly (readonly [entry: string, file: string, text: string])[] = [
  [
    "a call gives the caller's own function back",
    "interop/src/scenarios/capabilities.ts",
    "the reference can't resolve a call with the caller's own stub",
  ],
  [
    "a stub or promise that a `map()` captured, and that was disposed of",
    "interop/src/golden/maps.ts",
    "the reference doesn't release what a map captured",
  ],
  [
    "in a `map()`, a stub that was captured is called with the result of another call",
    "interop/src/golden/maps.ts",
    "the reference lets go of what a map captured before calls that wait for arguments",
  ],
  ["an error whose `cause` is itself", "packages/core/test/errors.test.ts", "error.cause = error"],
  [
    "a result's promise that is a writable",
    "packages/core/test/stream-handover.test.ts",
    "as a promise, from one session to another",
  ],
  [
    "one stream, or body, in two places of a value",
    "packages/core/test/stream-ends.test.ts",
    "one stream in two places is refused at the call",
  ],
  [
    "a reader cancels, or a sink fails, while nothing is being written",
    "interop/src/golden/streams.ts",
    "we tell an idle source that its reader is gone",
  ],
  [
    "a body that isn't a batch",
    "packages/transport-http/test/server.test.ts",
    "with 400 and the reason",
  ],
  ["a batch with CRLF", "packages/transport-http/test/bodies.test.ts", "CRLF between messages"],
  [
    "`WebSocket` sessions with `ws` sockets on Node 20",
    "interop/test/live.test.ts",
    "which Node 20 doesn't have",
  ],
  [
    "a `map()` placeholder in a template, an operator, a loop",
    "packages/core/test/map.test.ts",
    '"a template"',
  ],
  ["a call that isn't awaited fails", "packages/core/test/unasked-failures.test.ts", "onSendError"],
  [
    "`onSendError` throws",
    "packages/core/test/reports.test.ts",
    "reported where it is onSendError",
  ],
  [
    "a result that can't travel, of an asynchronous method that was given a stub",
    "packages/core/test/contained.test.ts",
    "unhandledRejections",
  ],
  [
    "a stub in a chunk that no reader gets",
    "packages/core/test/chunks.test.ts",
    "is disposed of if the application never claims the pipe",
  ],
  [
    "a pipe whose reader doesn't read is aborted",
    "packages/core/test/chunks.test.ts",
    "that is busy is disposed of when the stream is aborted",
  ],
  [
    "results of pipelined calls, calls that aren't awaited, forgotten stubs",
    "packages/core/test/forgotten.alone.test.ts",
    "stubs that were forgotten, in results and by themselves",
  ],
];
