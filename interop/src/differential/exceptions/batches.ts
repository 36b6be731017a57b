import { type Exception, textOf } from "../compare.ts";

const BATCH = "HTTP batch";

/** Differences in the abilities of a batch, and in the words of its errors. */
export const batches: readonly Exception[] = [
  {
    entry: "A client's calls fail with an `HttpBatchError` whose message continues",
    example: ["await", "a target", "result", BATCH],
    rewrite: (text, { medium }) =>
      medium === BATCH
        ? text.replaceAll(
            " A batch carries the calls of one turn: start another batch for more.",
            "",
          )
        : text,
  },
  {
    entry: "the main object of an HTTP batch, and the references of its client",
    example: ["await", "text", "result", BATCH],
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
    example: ["await", "text", "result of a callback", BATCH],
    explains: ({ program: { medium }, ours }) =>
      medium === BATCH && textOf(ours).includes("The client of an HTTP batch can't answer."),
  },
  {
    entry: "more than one chunk, a `Blob` or a body in the result of an HTTP batch",
    example: ["await", "a Blob", "result", BATCH],
    explains: ({ program: { medium }, reference }) =>
      medium === BATCH &&
      textOf(reference).includes("WritableStream RPC stub was disposed without calling close()"),
  },
  {
    entry: "`close()` of a stream whose other end failed",
    example: ["await", "a writable", "result", BATCH],
    explains: ({ program: { medium, kind } }) =>
      medium === BATCH && kind.name.startsWith("a writable"),
  },
];
