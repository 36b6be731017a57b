import { type Exception, sameBut, textOf } from "../compare.ts";
import { mediaKinds } from "../media.ts";
import type { Program } from "../run.ts";

const isChunk = ({ place }: Program) => /chunk/.test(place.name);
const isLocal = ({ place }: Program) => /^local/.test(place.name);
const isMedium = ({ kind }: Program) => mediaKinds.includes(kind);
const isWritable = ({ kind }: Program) => kind.name.startsWith("a writable");
const endsSession = ({ operation }: Program) => /^(end|dispose of the s)/.test(operation.name);

const AT_ONCE = "argument of a method that returns at once";

/** Differences in streams, and in values with bodies. */
export const streams: readonly Exception[] = [
  {
    entry: "a source that is idle when its session ends",
    example: ["await", "a readable that is idle", "argument"],
    rewrite: (text, { kind }) => {
      if (kind.name !== "a readable that is idle") return text;
      if (text.startsWith("source canceled: ")) return "";
      return text.replaceAll(/readable \[throws Error Error: [^\]]*\]/g, "readable [fails]");
    },
  },
  {
    entry: "a stream at the end of its session",
    example: ["end before", "a readable", AT_ONCE],
    rewrite(text, program) {
      if (isWritable(program) && text.startsWith("sink aborted: ")) return "sink aborted";
      if (!isMedium(program) || !endsSession(program)) return text;
      return text
        .replaceAll(/writable: .*?, throws [^;,}\]]*/g, "writable: fails")
        .replaceAll(/(readable \[(.*, )?)throws [^;,}\]]*/g, "$1fails");
    },
  },
  {
    entry: "`close()` of a stream whose other end failed",
    example: ["end before", "a writable", AT_ONCE],
    explains: ({ program }) => isWritable(program) && endsSession(program),
  },
  {
    entry: "a stream, or a body, reached by a path",
    example: ["await", "a readable", "nested result"],
    explains: ({ program, reference }) =>
      /owned payload shouldn't contain raw|has already been used|disturbed or locked/.test(
        textOf(reference),
      ) ||
      (isMedium(program) && /^(property|nested property)$/.test(program.place.name)),
  },
  {
    entry: "A stream whose reader is gone, or whose sink failed, is rejected at once",
    example: ["properties", "a readable that is idle", "argument"],
    explains: (difference) =>
      isMedium(difference.program) &&
      sameBut(difference, ["clientSent", "serverSent", "tables", "atEnd"]),
  },
  {
    entry: "A writable that arrived has own members",
    example: ["inspect", "a writable", "argument"],
    rewrite: (text, program) =>
      program.operation.name === "inspect" && isWritable(program)
        ? text.replaceAll("; close,getWriter; ", "; ; ")
        : text,
  },
  {
    entry: "a writable that was received is returned, or passed on",
    example: ["pass on", "a writable", "argument"],
    explains: ({ program }) => isWritable(program) && program.operation.name.startsWith("pass on"),
  },
  {
    entry: "a stream that is locked",
    example: ["await", "a locked readable", "argument"],
    explains: ({ program: { kind } }) => kind.name.startsWith("a locked "),
  },
  {
    entry: "a stream that is read, or written to, after its method has returned",
    example: ["await", "a writable", AT_ONCE],
    explains: ({ program }) => isMedium(program) && program.place.name === AT_ONCE,
  },
  {
    entry: "streams made by a `TransformStream`, and so streams that are passed on, on Node 20",
    example: ["await", "a Request with a body", "output of a map()"],
    isOfPlatform: true,
    explains: ({ reference }) =>
      textOf(reference).includes("Cannot serialize value: [object ReadableStream]"),
  },
  {
    entry: "a `Blob` that was received is sent on, on Node 22",
    example: ["pass on", "a Blob", "argument"],
    isOfPlatform: true,
    explains: ({ reference }) =>
      textOf(reference).includes("Cannot serialize value: [object Blob]"),
  },
  {
    entry: "and streams and bodies can be used",
    example: ["await", "a writable", "local promise"],
    explains: ({ program }) => isLocal(program) && isMedium(program),
  },
  {
    entry: "an object that is a chunk",
    example: ["await", "an object", "chunk of a result"],
    rewrite(text, program) {
      if (!isChunk(program)) return text;
      switch (program.operation.name) {
        case "inspect":
          return text.replaceAll(
            /^object; (true|false); false; (true|false)/g,
            "object; $1; DISPOSER",
          );
        case "await, then dispose":
          return text.replace(/0: "(undefined|function)"/, "0: DISPOSER");
        default:
          return text.replaceAll(/(, )?Symbol\(\S*dispose\) \(not enumerable\): there/g, "");
      }
    },
    explains: ({ program }) =>
      isChunk(program) && program.operation.name.includes("dispose") && isMedium(program),
  },
  {
    entry: "a chunk that can't be sent",
    example: ["await", "a symbol", "chunk of a result"],
    explains: ({ program, ours }) =>
      isChunk(program) &&
      /Cannot serialize|Serialization exceeded|TOO DEEP|getter threw|name threw/.test(textOf(ours)),
  },
];
