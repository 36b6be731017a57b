/**
 * The documents that a receiver has announced (docs/protocol.md, "Extensions"): expressions that
 * hold plain JSON as it is, and lists of records as tables of columns.
 */
export interface Documents {
  /** True to send lists of plain JSON as `["json", list]`. */
  readonly json: boolean;
  /** True to send lists of records as `["table", columns]`. */
  readonly table: boolean;
}

/** The documents of a receiver that knows them all. */
export const ALL_DOCUMENTS: Documents = Object.freeze({ json: true, table: true });

/**
 * True if some code gave `Object.prototype` a member that enumeration finds. `for`-`in` is the
 * fastest way through an object, but finds such members in all of them.
 */
export function isEnumerationPolluted(): boolean {
  for (const _key in {}) return true;
  return false;
}
