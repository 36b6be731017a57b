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
    entry: "a chunk that can't be sent",
    explains: ({ program: { place }, ours }) =>
      isChunk(place.name) && /Cannot serialize value|Serialization exceeded|getter threw|name threw/.test(textOf(ours)),
  },
  {
    entry: "a readable that is idle at the end of its session",
    rewrite: (text, { kind }) =>
      kind.name === "a readable that is idle"
        ? text.replaceAll(/readable \[throws Error Error: [^\]]*\]/g, "readable [fails]")
        : text,
  },
  {
    entry: "a path through a stream, or a body",
    explains: ({ reference }) =>
      textOf(reference).includes("owned payload shouldn't contain raw"),
  },
  {
    entry: "a stream that is locked",
    explains: ({ program: { kind } }) => /^a locked /.test(kind.name),
  },
];
