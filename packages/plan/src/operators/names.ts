/**
 * The closed table of operators, with the numbers of their arguments, or the least and the most.
 * Clients need no more than this to build plans.
 */
const ARGUMENTS = {
  eq: 2,
  ne: 2,
  lt: 2,
  le: 2,
  gt: 2,
  ge: 2,
  in: 2,
  add: 2,
  sub: 2,
  mul: 2,
  div: 2,
  mod: 2,
  neg: 1,
  and: [2, 64],
  or: [2, 64],
  not: 1,
  cond: 3,
  fail: 1,
  string: 1,
  int: 1,
  double: 1,
  bool: 1,
  bytes: 1,
  timestamp: 1,
  type: 1,
  contains: 2,
  startsWith: 2,
  endsWith: 2,
  lowerAscii: 1,
  upperAscii: 1,
  trim: 1,
  charAt: 2,
  indexOf: [2, 3],
  lastIndexOf: [2, 3],
  substring: [2, 3],
  replace: [3, 4],
  join: [1, 2],
  split: [2, 3],
  index: 2,
  size: 1,
  has: 2,
  keys: 1,
  slice: 3,
  flatten: 1,
  reverse: 1,
  range: 1,
  distinct: 1,
  least: [1, 64],
  greatest: [1, 64],
  abs: 1,
  sign: 1,
  ceil: 1,
  floor: 1,
  trunc: 1,
  round: 1,
  isNaN: 1,
  isInf: 1,
  isFinite: 1,
  getFullYear: 1,
  getMonth: 1,
  getDayOfYear: 1,
  getDayOfMonth: 1,
  getDate: 1,
  getDayOfWeek: 1,
  getHours: 1,
  getMinutes: 1,
  getSeconds: 1,
  getMilliseconds: 1,
} as const;

/** The name of an operator. */
export type OperatorName = keyof typeof ARGUMENTS;

/** An operator as plans name it. */
export interface OperatorSignature {
  readonly name: OperatorName;
  /** The least and most arguments. */
  readonly least: number;
  readonly most: number;
}

/** All operators that there are, by their names. */
export const OPERATORS: ReadonlyMap<string, OperatorSignature> = new Map(
  Object.entries(ARGUMENTS).map(([name, counts]) => {
    const [least, most] = typeof counts === "number" ? [counts, counts] : counts;
    return [name, { name: name as OperatorName, least, most }];
  }),
);
