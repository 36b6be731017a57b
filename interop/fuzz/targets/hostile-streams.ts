import { indexOf, makeBad, makeError } from "./hostile-values.ts";
import type { Ledger } from "./ledger.ts";

const NOTHING_AHEAD = { highWaterMark: 0 };

/** A stream of the application. It makes its chunks on demand. */
export function streamOf(which: unknown, ledger: Ledger): ReadableStream {
  let left = 5;
  const chunks = [
    () => 1,
    () => ledger.target(),
    () => makeBad(left),
    () => new Uint8Array(100),
    () => {
      throw makeError(left);
    },
    () => ({ stub: ledger.target(), stream: streamOf(0, ledger) }),
    () => ledger.hang(),
    () => ({ later: Promise.resolve(ledger.target()), error: new Error("m") }),
  ];
  const make = chunks[indexOf(which, chunks.length)]!;
  return new ReadableStream(
    {
      async pull(controller) {
        if (left-- === 0) controller.close();
        else controller.enqueue(make());
      },
      cancel() {
        if (indexOf(which, 3) === 2) throw makeError(left);
      },
    },
    NOTHING_AHEAD,
  );
}

/** A sink of the application. */
export function sinkOf(which: unknown, ledger: Ledger): WritableStream {
  const fails = (how: number) => {
    if (indexOf(which, 5) === how) throw makeError(how);
  };
  return new WritableStream({
    write(chunk) {
      // A chunk belongs to its reader.
      chunk?.[Symbol.dispose]?.();
      fails(1);
      return indexOf(which, 5) === 4 ? ledger.hang() : undefined;
    },
    close: () => fails(2),
    abort: () => fails(3),
  });
}
