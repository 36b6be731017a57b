import { type Exception, textOf } from "../compare.ts";

const isChunk = (place: string) => /chunk/.test(place);

/** Streams and what is in them. */
export const streams: readonly Exception[] = [
  {
    entry: "an object that is a chunk",
    rewrite: (text, { place }) =>
      isChunk(place.name)
        ? text.replaceAll(/(, )?Symbol\(\S*dispose\) \(not enumerable\): there/g, "")
        : text,
  },
  {
    entry: "a `Blob` in a chunk",
    explains: ({ program: { kind, place } }) => kind.name === "a Blob" && isChunk(place.name),
  },
  {
    entry: "a chunk that can't be sent",
    explains: ({ program: { place }, ours }) =>
      isChunk(place.name) &&
      /Cannot serialize value|Serialization exceeded|TOO DEEP|getter threw|name threw/.test(textOf(ours)),
  },
  {
    entry: "a readable that is idle at the end of its session",
    rewrite: (text, { kind }) => {
      if (kind.name !== "a readable that is idle") return text;
      if (text.startsWith("source canceled: ")) return "";
      return text.replaceAll(/readable \[throws Error Error: [^\]]*\]/g, "readable [fails]");
    },
  },
  {
    entry: "a path through a stream, or a body",
    explains: ({ reference }) => textOf(reference).includes("owned payload shouldn't contain raw"),
  },
  {
    entry: "a stream that is locked",
    explains: ({ program: { kind } }) => /^a locked /.test(kind.name),
  },
  {
    entry: "a stream that is read after its method has returned",
    explains: ({ program: { place }, ours }) =>
      place.name === "argument of a method that returns at once" &&
      textOf(ours).includes("disposed without being consumed"),
  },
  {
    entry: "a writable that is written to after its method has returned",
    explains: ({ program: { place }, ours }) =>
      place.name === "argument of a method that returns at once" &&
      textOf(ours).includes("The WritableStream was disposed of."),
  },
  {
    entry: "streams made by a `TransformStream`, and so streams that are passed on, on Node 20",
    explains: ({ reference }) =>
      textOf(reference).includes("Cannot serialize value: [object ReadableStream]"),
  },
  {
    entry: "a local stub or promise of a writable",
    explains: ({ program: { place, kind }, reference }) =>
      /^local/.test(place.name) &&
      kind.name.startsWith("a writable") &&
      textOf(reference).includes("WritableStream is locked"),
  },
];
