import { CODE_UNITS_PER_STEP, type Expression } from "../value-type.ts";
import { type Column, columnsOf, GAP } from "./columns.ts";
import type { Documents } from "./documents.ts";
import { MOST_TABLES } from "./nesting.ts";
import { PlainScan } from "./plain-scan.ts";

/** Shorter lists of records take more time as a table than as plain JSON. */
const LEAST_RECORDS = 16;

/** The services of an encoder for documents. */
export interface DocumentEncoder {
  /** The levels of nesting that are left. */
  readonly levelsLeft: number;
  /** The steps that may still be counted. A look at a value before it is encoded takes no more. */
  readonly stepsLeft: number;
  /** Encodes a child value. */
  encode(value: unknown): Expression;
  /** Counts work that grows with a length in code units. */
  measure(length: number): void;
  /** Counts steps. */
  countSteps(steps: number): void;
  /** Counts the children of a container, and goes one level deeper for them, until `leave()`. */
  enter(children: number): void;
  leave(): void;
}

/** Writes the lists that an encoder meets as documents, if they are worth it. */
export class DocumentWriter {
  readonly #encoder: DocumentEncoder;
  readonly #scan = new PlainScan();
  #documents: Documents;
  /** The tables around the value that is being encoded. */
  #tables = 0;

  constructor(encoder: DocumentEncoder, documents: Documents) {
    this.#encoder = encoder;
    this.#documents = documents;
  }

  /** Prepares for another value, for a receiver that knows `documents`. */
  restart(documents: Documents): void {
    this.#scan.restart();
    this.#tables = 0;
    this.#documents = documents;
  }

  /** Encodes a list as a document, if it is one and that is worth it. */
  list(list: readonly unknown[]): Expression | undefined {
    // Lists of scalars are as short when they are wrapped.
    if (typeof list[0] !== "object" || list[0] === null) return undefined;
    const mayNest = this.#tables < MOST_TABLES;
    if (mayNest && this.#documents.table && list.length >= LEAST_RECORDS) {
      const columns = columnsOf(list, this.#encoder.stepsLeft);
      if (columns) return ["table", this.#columns(columns, list.length)];
    }
    return this.plain(list);
  }

  /** The expression of plain JSON. `undefined` for anything else. */
  plain(container: object): Expression | undefined {
    const { json, table } = this.#documents;
    if (!json) return undefined;
    const { levelsLeft, stepsLeft } = this.#encoder;
    const leastRecords = table ? LEAST_RECORDS : Infinity;
    const found = this.#scan.scan(container, levelsLeft, leastRecords, stepsLeft);
    if (found !== "other") this.#encoder.countSteps(this.#scan.steps);
    if (found === "plain with lists") return ["json", container];
    // An object without lists stands for itself.
    return found === "plain" ? container : undefined;
  }

  /** A column takes the place of the records in the depth of its cells. */
  #columns(columns: readonly Column[], rows: number): Readonly<Record<string, Expression>> {
    const encoder = this.#encoder;
    const encoded: Record<string, Expression> = {};
    encoder.enter(rows);
    this.#tables++;
    for (const { key, cells, hasGaps } of columns) {
      if (key.length > CODE_UNITS_PER_STEP) encoder.measure(key.length);
      encoded[key] = hasGaps ? [this.#gapped(cells)] : encoder.encode(cells);
    }
    this.#tables--;
    encoder.leave();
    return encoded;
  }

  #gapped(cells: readonly unknown[]): readonly Expression[] {
    const encoder = this.#encoder;
    encoder.enter(cells.length);
    const encoded = cells.map((cell) => (cell === GAP ? [] : encoder.encode(cell)));
    encoder.leave();
    return encoded;
  }
}
