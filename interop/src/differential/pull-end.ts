import type { MemoryLink } from "@capnweb/testkit";

type End = MemoryLink["client"];

/** An end of a link as a transport in the style of `capnweb`, so that both implementations pull. */
export function pullEnd(end: End): object {
  return {
    send: (message: unknown) => end.send(message),
    receive: () => end.receive(),
    abort: (reason: unknown) => end.abort(reason),
  };
}
