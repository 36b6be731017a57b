import type { Attack } from "./most.ts";

const repeat = (times: number, text: string) => Array(times).fill(text).join(",");
const list = (length: number) => `["push",[[${repeat(length, "0")}]]]`;
const values = (expression: string | ((i: number) => string)): Attack => ({
  message: (size) => {
    const all = Array.from({ length: size }, (_, i) =>
      typeof expression === "string" ? expression : expression(i),
    );
    return `["push",[[${all.join(",")}]]]`;
  },
});
const named = (value: string): Attack => ({
  before: [`["push",${value}]`],
  message: (size) => `["stream",["pipeline",0,["echo"],[[[${repeat(size, '["pipeline",1]')}]]]]]`,
});
/** Messages of values, by kind of value: as many as `maxValues` and `maxMessageSize` allow. */
export const VALUES: Readonly<Record<string, Attack>> = {
  numbers: values("0"),
  "empty objects": values("{}"),
  "objects of one member": values('{"a":0}'),
  "objects with names of their own": values((i) => `{"k${i}":0}`),
  lists: values("[[]]"),
  "short texts": values((i) => `"${i}"`),
  undefined: values('["undefined"]'),
  dates: values('["date",0]'),
  "small bigints": values((i) => `["bigint","${i}"]`),
  "bigints of 16,384 digits": values(`["bigint","${"9".repeat(16_384)}"]`),
  "byte arrays": values('["bytes","AA"]'),
  "named byte arrays": values('["bytes","AA","Int8Array"]'),
  errors: values('["error","",""]'),
  URLs: values('["url","a:"]'),
  Headers: values('["headers",[["a","b"]]]'),
  Requests: values('["request","a:",{}]'),
  Responses: values('["response",null,{}]'),
  WritableStreams: values((i) => `["writable",${-1 - i}]`),
  stubs: values((i) => `["export",${-1 - i}]`),
  "promises that stay open": values((i) => `["promise",${-1 - i}]`),
  "references to properties": values('["pipeline",0,["echo"]]'),
};

/** Messages that set off work: as much as `maxWork` allows. */
export const WORK: Readonly<Record<string, Attack>> = {
  "calls of a method": values('["pipeline",0,["echo"],[0]]'),
  "calls of an asynchronous method": values('["pipeline",0,["later"],[0]]'),
  "elements of nested `map()`s": {
    before: [list(30)],
    message: (size) =>
      `["push",["remap",1,[],[["import",1]],[${repeat(size, '["remap",-1,[],[],[0]]')},0]]]`,
  },
  "instructions of a `map()`": {
    before: ['["push",0]', '["push",{"a":0}]'],
    message: (size) => `["push",["remap",2,[],[],[${repeat(size, '["pipeline",0,["a"]]')}]]]`,
  },
  "calls in a `map()`": {
    before: [list(1_000)],
    message: (size) =>
      `["push",["remap",1,[],[["import",0]],[${repeat(size, '["pipeline",-1,["echo"],[["pipeline",0]]]')}]]]`,
  },
  "steps of paths in a `map()`": {
    before: [list(8)],
    message: (size) => `["push",["remap",1,[],[],[["pipeline",0,[${repeat(size, '"a"')}]]]]]`,
  },
  "objects made by a `map()`": {
    before: [list(8)],
    message: (size) => `["push",["remap",1,[],[],[[[${repeat(size, "{}")}]]]]]`,
  },
  "errors made by a `map()`": {
    before: [list(8)],
    message: (size) => `["push",["remap",1,[],[],[[[${repeat(size, '["error","",""]')}]]]]]`,
  },
  "bytes made by a `map()`": {
    before: [list(100)],
    message: (size) => `["push",["remap",1,[],[],[["bytes","${"A".repeat(4 * size)}"]]]]`,
  },
  "copies of a result's objects": {
    before: [`["push",[[${repeat(1_000, "{}")}]]]`],
    message: (size) => `["push",["pipeline",0,["echo"],[[[${repeat(size, '["pipeline",1]')}]]]]]`,
  },
  "answers with text": named(`"${"x".repeat(100_000)}"`),
  "answers with control characters": named(`"${"\\u0001".repeat(50_000)}"`),
  "answers with bytes": named(`["bytes","${"A".repeat(100_000)}"]`),
  "answers with bigints": named(`["bigint","${"9".repeat(16_384)}"]`),
  "answers with headers": named(
    `["headers",[${Array.from({ length: 1_000 }, (_, i) => `["h${i}","v"]`).join(",")}]]`,
  ),
  "answers with errors": named('["error","Error","m"]'),
  "answers with Blobs": {
    before: [
      '["pipe"]',
      '["push",["pipeline",0,["echo"],[["blob","",["readable",1]]]]]',
      '["push",["pipeline",1,["close"],[]]]',
    ],
    message: (size) => `["stream",["pipeline",0,["echo"],[[[${repeat(size, '["pipeline",2]')}]]]]]`,
  },
};
