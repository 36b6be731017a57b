import { serialize } from "@capnweb/wire";
import fc from "fast-check";
import { plainJson, tables } from "./documents.ts";
import { key, value } from "./values.ts";

/** An id that the receiver may know. Ids count from 0. */
const known = fc.integer({ min: -6, max: 6 });
/** The id of a promise. The main object, 0, exists from the start, so it isn't one. */
const promised = known.filter((id) => id !== 0);
/** An id that the sender may choose. */
const own = fc.integer({ min: -6, max: -1 });
const path = fc.array(fc.oneof(key, fc.nat(9)), { maxLength: 3 });
const capture = fc.oneof(
  fc.tuple(fc.constant("import"), known),
  fc.tuple(fc.constant("export"), own),
);

/** Expressions of values that hold no references. */
const plain = value.map((each) => JSON.parse(serialize(each)) as unknown);

/** Well-formed expressions, documents among them. Their ids may refer to nothing. */
export const expression: fc.Arbitrary<unknown> = fc.letrec((tie) => {
  const args = fc.array(tie("expression"), { maxLength: 3 });
  return {
    expression: fc.oneof(
      { depthSize: "small" },
      plain,
      fc.tuple(fc.constantFrom("export", "promise", "writable"), own),
      fc.tuple(fc.constantFrom("import", "pipeline"), known),
      fc.tuple(fc.constant("readable"), fc.nat(6)),
      fc.tuple(fc.constantFrom("import", "pipeline"), known, path),
      fc.tuple(fc.constantFrom("import", "pipeline"), known, path, args),
      fc.tuple(
        fc.constant("remap"),
        known,
        path,
        fc.array(capture, { maxLength: 2 }),
        fc.array(tie("expression"), { minLength: 1, maxLength: 3 }),
      ),
      fc.array(tie("expression"), { maxLength: 3 }).map((elements) => [elements]),
      plainJson,
      tables(tie("expression")),
    ),
  };
}).expression;

/** Well-formed messages. Their ids may refer to nothing. */
export const message: fc.Arbitrary<unknown[]> = fc.oneof(
  fc.tuple(fc.constantFrom("push", "stream"), expression),
  fc.tuple(fc.constant("pull"), known),
  fc.tuple(fc.constant("resolve"), promised, expression),
  // Reasons hold no references.
  fc.tuple(fc.constant("reject"), promised, plain),
  fc.tuple(fc.constant("release"), known, fc.integer({ min: 1, max: 3 })),
  fc.tuple(fc.constant("pipe")),
  fc.tuple(fc.constant("abort"), plain),
);
