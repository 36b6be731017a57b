import { type ValueType, valueType } from "@capnweb/core";

/** A container of the application's own, which may hold any value. */
export class Box {
  readonly #parts: unknown[] = [];

  constructor(parts: readonly unknown[] = []) {
    this.#parts.push(...parts);
  }
  get parts(): readonly unknown[] {
    return this.#parts;
  }
  put(at: number, part: unknown): void {
    this.#parts[at] = part;
  }
}

/** The tag of boxes in messages. */
export const BOX = "fuzz:box";

/** The application's own value types. */
export const TYPES: readonly ValueType[] = [
  valueType({
    tag: BOX,
    class: Box,
    encode: ({ parts }, cx) => parts.map((part) => cx.encode(part)),
    decode(operands, cx) {
      const box = new Box();
      for (const [i, operand] of operands.entries()) cx.part(operand, (part) => box.put(i, part));
      return box;
    },
    copy({ parts }, cx) {
      const copy = new Box();
      for (const [i, part] of parts.entries()) cx.part(part, (copied) => copy.put(i, copied));
      return copy;
    },
    parts: ({ parts }) => parts,
  }),
];

/** A box that contains itself. */
export function boxInItself(): Box {
  const box = new Box([1]);
  box.put(1, [box]);
  return box;
}
