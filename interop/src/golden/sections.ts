/** Patterns of scenes' names, and the sections of docs/protocol.md that they test. */
const SECTIONS: readonly (readonly [RegExp, string])[] = [
  [/^announcement:/, "extensions"],
  [/keys that may not be used|__proto__|dropped key|names of Object\.prototype/, "keys"],
  [/to the limit|too deep|of too many digits/, "limits"],
  [/padded base64/, "expressions"],
  [/^(value|blob|fetch|unsendable):/, "expressions"],
  [/^malformed expression: (import|pipeline|remap)/, "references"],
  [/^malformed expression:/, "expressions"],
  [/^(malformed instruction|map):/, "references"],
  [/^malformed message/, "messages"],
  [/^path:/, "property-paths"],
  [/^error: .*(no such|propert(y|ies) (of|called)|called as a function)/, "property-paths"],
  [/^error: instance property/, "property-paths"],
  [/^error: (pipelining|a failed call)/, "references"],
  [/^error:/, "errors"],
  [/^(pipeline|callback):/, "references"],
  [/^(stub|refcounts|target):/, "releases"],
  [/^promises?:/, "calls-and-promises"],
  [/^stream:/, "streams"],
  [/a pipe claimed|a pipe that is|a pipe, written/, "streams"],
];

/** The section of docs/protocol.md that a scene tests, as an anchor. */
export function sectionOf(name: string): string {
  return SECTIONS.find(([pattern]) => pattern.test(name))?.[1] ?? "messages";
}
