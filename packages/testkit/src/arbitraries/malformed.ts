import { MESSAGE_TAGS, TAGS } from "@capnweb/wire";
import fc from "fast-check";
import { malformedTables } from "./documents.ts";
import { key } from "./values.ts";

/** The tags of expressions, and some texts that aren't tags. */
const FIRST_ELEMENTS = [...TAGS, "unknown", "__proto__", "constructor", "toString"];

/** Trees that look like expressions, most of them malformed. */
export const expressionLike: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: "small" },
    fc.oneof(fc.string(), fc.double(), fc.integer(), fc.boolean(), fc.constant(null)),
    tie("tagged"),
    malformedTables(tie("tree")),
    fc.array(tie("tree"), { maxLength: 4 }),
    fc.array(tie("tree"), { maxLength: 4 }).map((list) => [list]),
    fc
      .array(
        fc.tuple(fc.oneof(key, fc.constantFrom("__proto__", "constructor", "toJSON")), tie("tree")),
        { maxLength: 4 },
      )
      .map((entries) => {
        const object = {};
        for (const [name, each] of entries) {
          Object.defineProperty(object, name, {
            value: each,
            enumerable: true,
            configurable: true,
            writable: true,
          });
        }
        return object;
      }),
  ),
  tagged: fc
    .tuple(fc.constantFrom(...FIRST_ELEMENTS), fc.array(tie("tree"), { maxLength: 5 }))
    .map(([tag, operands]) => [tag, ...operands]),
})).tree;

/** Trees that look like messages, most of them malformed. */
export const messageLike: fc.Arbitrary<unknown> = fc.oneof(
  expressionLike,
  fc
    .tuple(
      fc.constantFrom(...MESSAGE_TAGS, "x"),
      fc.array(fc.oneof(fc.integer(), expressionLike), { maxLength: 4 }),
    )
    .map(([tag, operands]) => [tag, ...operands]),
);
