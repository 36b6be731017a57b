import { type Exception, sameBut, textOf } from "../compare.ts";
import { mediaKinds } from "../media.ts";

const isChunk = (place: string) => /chunk/.test(place);

/** Streams and what is in them. */
export const streams: readonly Exception[] = [
  {
    entry: "an object that is a chunk",
    rewrite: (text, { place, operation }) => {
      if (!isChunk(place.name)) return text;
      if (operation.name === "inspect") {
        return text.replaceAll(/^object; (true|false); false; (true|false)/g, "object; $1; false; EITHER");
      }
      if (operation.name === "await, then dispose") {
        return text.replace(/0: "(undefined|function)"/, '0: "EITHER"');
      }
      return text.replaceAll(/(, )?Symbol\(\S*dispose\) \(not enumerable\): there/g, "");
    },
  },
  {
    entry: "an object that is a chunk",
    explains: ({ program: { kind, place, operation } }) =>
      isChunk(place.name) && operation.name.includes("dispose") && mediaKinds.includes(kind),
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
    entry: "a readable or writable at the end of its session",
    rewrite: (text, { kind }) => {
      if (kind.name !== "a readable that is idle") return text;
      if (text.startsWith("source canceled: ")) return "";
      return text.replaceAll(/readable \[throws Error Error: [^\]]*\]/g, "readable [fails]");
    },
  },
  {
    entry: "a path through a stream, or a body",
    explains: ({ reference }) =>
      /owned payload shouldn't contain raw|Request object that has already been used/.test(textOf(reference)),
  },
  {
    entry: "A stream whose reader is gone, or whose sink failed, is rejected at once",
    explains: (difference) =>
      mediaKinds.includes(difference.program.kind) &&
      sameBut(difference, ["clientSent", "serverSent", "tables", "atEnd"]),
  },
  {
    entry: "what a stream says once its session is over",
    rewrite: (text, { kind, operation }) =>
      mediaKinds.includes(kind) && /^(end|dispose of the session)/.test(operation.name)
        ? text
            .replaceAll(/writable: .*?, throws [^;,}\]]*/g, "writable: fails")
            .replaceAll(/(readable \[(.*, )?)throws [^;,}\]]*/g, "$1fails")
        : text,
  },
  {
    entry: "Duplicating a promise sends no message",
    explains: ({ program: { kind, operation } }) =>
      mediaKinds.includes(kind) && operation.name === "dup()",
  },
  {
    entry: "a writable that was received is returned, or passed on",
    explains: ({ program: { kind, operation } }) =>
      kind.name.startsWith("a writable") && /^pass on/.test(operation.name),
  },
  {
    entry: "the members of a writable that arrived",
    rewrite: (text, { kind, operation }) =>
      operation.name === "inspect" && kind.name.startsWith("a writable")
        ? text.replaceAll("; close,getWriter; ", "; ; ")
        : text,
  },
  {
    entry: "a readable or writable at the end of its session",
    rewrite: (text, { kind }) =>
      kind.name.startsWith("a writable") ? text.replaceAll(/^sink aborted: .*/g, "sink aborted") : text,
  },
  {
    entry: "`close()` of a stream whose other end failed",
    explains: ({ program: { kind, operation } }) =>
      kind.name.startsWith("a writable") && /^(end|dispose of the session)/.test(operation.name),
  },
  {
    entry: "one stream, or body, in two places of a value",
    explains: ({ program: { operation, kind }, ours }) =>
      operation.name === "pass on" &&
      mediaKinds.includes(kind) &&
      /is locked|in two places|already/.test(textOf(ours)),
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
    entry: "a promise of a result that is a stream, or has a body",
    explains: ({ program: { kind, operation } }) =>
      mediaKinds.includes(kind) && /^(properties|calls|map|then|await twice|dispose|call, then)/.test(operation.name),
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
    entry: "a local stub or promise of a stream or a body",
    explains: ({ program: { place, kind } }) =>
      /^local/.test(place.name) && mediaKinds.includes(kind),
  },
];
