import { type Exception, textOf } from "../compare.ts";

const BATCH = "HTTP batch";

/** What a batch can do here, and says. */
export const batches: readonly Exception[] = [
  {
    entry: "A client's calls fail with an `HttpBatchError` whose message has more to say",
    rewrite: (text, { medium }) =>
      medium === BATCH
        ? text.replaceAll(" A batch carries the calls of one turn: start another batch for more.", "")
        : text,
  },
  {
    entry: "the main object of an HTTP batch, and what its client held",
    adjust(difference) {
      const { program, reference, ours } = difference;
      if (program.medium !== BATCH) return difference;
      const { disposals, atEnd } = ours;
      if (String([disposals, atEnd]) === String([reference.disposals, reference.atEnd])) {
        return difference;
      }
      return { ...difference, reference: { ...reference, disposals, atEnd } };
    },
  },
  {
    entry: "a call to the client in an HTTP batch, awaited by the server",
    explains: ({ program: { medium }, ours }) =>
      medium === BATCH && textOf(ours).includes("The client of an HTTP batch can't answer."),
  },
  {
    entry: "`close()` of a stream whose other end failed",
    explains: ({ program: { medium, kind } }) =>
      medium === BATCH && kind.name.startsWith("a writable"),
  },
  {
    entry: "a stream that is read after its method has returned",
    explains: ({ program: { medium, kind, place } }) =>
      medium === BATCH &&
      kind.name === "a readable that is idle" &&
      place.name === "argument of a method that returns at once",
  },
  {
    entry: "more than one chunk, a `Blob` or a body in the result of an HTTP batch",
    explains: ({ program: { medium }, reference }) =>
      medium === BATCH &&
      textOf(reference).includes("WritableStream RPC stub was disposed without calling close()"),
  },
];
