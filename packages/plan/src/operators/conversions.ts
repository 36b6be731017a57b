import { type Meter, scanning } from "../values/meter.ts";
import { CONTAINER_BYTES, textBytes } from "../values/sizes.ts";
import { begin, type Work } from "../values/work.ts";
import { int64 } from "./arithmetic.ts";
import { joinBytes } from "./bytes.ts";
import { byPieces } from "./code-points.ts";
import { kindOf } from "./kind.ts";
import { longOperator, noOverload, OperatorFailure, operator } from "./operator.ts";

const INTEGER = /^[+-]?\d{1,19}$/;
// Without two repetitions in a row, which would take quadratic time.
const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
const TIMESTAMP = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/;
const TRUE = new Set(["1", "t", "T", "true", "TRUE", "True"]);
const FALSE = new Set(["0", "f", "F", "false", "FALSE", "False"]);
const SPECIAL: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Infinity,
  "+inf": Infinity,
  "-inf": -Infinity,
  infinity: Infinity,
  "+infinity": Infinity,
  "-infinity": -Infinity,
};
/** Longer texts aren't numbers that a double could tell apart. */
const LONGEST_NUMBER = 1024;

/** The years that a timestamp of CEL may have, in milliseconds. */
const FIRST_TIME = Date.parse("0001-01-01T00:00:00Z");
const LAST_TIME = Date.parse("9999-12-31T23:59:59.999Z");
const MS = 1000;

function unreadable(as: string): OperatorFailure {
  return new OperatorFailure("PLAN_CONVERSION", `can't read the value as ${as}.`);
}

function toText(meter: Meter, value: unknown): unknown {
  if (value instanceof Uint8Array) return begin(decodeText(meter, value));
  const text = shortText(value);
  meter.make(textBytes(text.length));
  return text;
}

function shortText(value: unknown): string {
  switch (kindOf(value)) {
    case "string":
    case "bool":
      return String(value);
    case "double":
      return doubleText(value as number);
    case "int":
      return String(int64(value as bigint));
    case "timestamp":
      return validTime((value as Date).getTime())
        .toISOString()
        .replace(/\.?0+Z$/, trimmed);
    default:
      throw noOverload(value);
  }
}

/** Zeros go only after a decimal point. */
const trimmed = (end: string) => (end[0] === "." || /^0+Z$/.test(end) ? "Z" : end);

function doubleText(value: number): string {
  if (value === Infinity) return "+infinity";
  if (value === -Infinity) return "-infinity";
  return String(value);
}

function* decodeText(meter: Meter, bytes: Uint8Array): Work<string> {
  meter.make(textBytes(bytes.length));
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let text = "";
  yield* scanning(meter, bytes.length, (start, end) => {
    text += decoded(decoder, bytes.subarray(start, end), end < bytes.length);
  });
  return text;
}

function decoded(decoder: TextDecoder, bytes: Uint8Array, stream: boolean): string {
  try {
    return decoder.decode(bytes, { stream });
  } catch {
    throw unreadable("UTF-8");
  }
}

function toInt(_meter: Meter, value: unknown): bigint {
  if (typeof value === "bigint") return int64(value);
  if (typeof value === "number") {
    // As in CEL, the ends aren't in the range: doubles near them are rounded to them.
    if (!(Math.abs(value) < 2 ** 63)) {
      throw new OperatorFailure("PLAN_OVERFLOW", "doesn't fit into 64 bits.");
    }
    return BigInt(Math.trunc(value));
  }
  if (typeof value === "string") {
    if (!INTEGER.test(value)) throw unreadable("an int");
    return int64(BigInt(value[0] === "+" ? value.slice(1) : value));
  }
  if (value instanceof Date) return BigInt(Math.floor(validTime(value.getTime()).getTime() / MS));
  throw noOverload(value);
}

function toDouble(_meter: Meter, value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(int64(value));
  if (typeof value !== "string") throw noOverload(value);
  if (value.length > LONGEST_NUMBER) throw unreadable("a double");
  if (DECIMAL.test(value)) return Number(value);
  const name = value.toLowerCase();
  if (Object.hasOwn(SPECIAL, name)) return SPECIAL[name]!;
  throw unreadable("a double");
}

function toBool(_meter: Meter, value: unknown): boolean {
  if (typeof value === "boolean") return value;
  if (typeof value !== "string") throw noOverload(value);
  if (TRUE.has(value)) return true;
  if (FALSE.has(value)) return false;
  throw unreadable("a bool");
}

function* toBytes(meter: Meter, value: unknown): Work<Uint8Array> {
  if (value instanceof Uint8Array) return value;
  if (typeof value !== "string") throw noOverload(value);
  const encoder = new TextEncoder();
  const pieces: Uint8Array[] = [];
  yield* byPieces(meter, value, (piece) => {
    const encoded = encoder.encode(piece);
    meter.make(CONTAINER_BYTES + encoded.length);
    pieces.push(encoded);
  });
  return pieces.length === 1 ? pieces[0]! : yield* joinBytes(meter, pieces);
}

/** Checks that a time is in the years that CEL has. */
function validTime(time: number): Date {
  if (time >= FIRST_TIME && time <= LAST_TIME) return new Date(time);
  throw new OperatorFailure("PLAN_OVERFLOW", "isn't a time in the years 1 to 9999.");
}

function toTimestamp(_meter: Meter, value: unknown): Date {
  if (value instanceof Date) return value;
  if (typeof value === "bigint") return validTime(Number(int64(value)) * MS);
  if (typeof value !== "string") throw noOverload(value);
  const time = TIMESTAMP.test(value) ? Date.parse(value.toUpperCase()) : Number.NaN;
  if (Number.isNaN(time)) throw unreadable("a timestamp");
  return validTime(time);
}

export const CONVERSIONS = {
  string: operator(toText),
  int: operator(toInt),
  double: operator(toDouble),
  bool: operator(toBool),
  bytes: longOperator(toBytes),
  timestamp: operator(toTimestamp),
  type: operator((_meter, value) => kindOf(value)),
};
