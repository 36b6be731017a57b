import { TokenForgedError } from "./errors.ts";

/** The content of a token. */
export interface Claims {
  /** The name of the object's class. */
  readonly name: string;
  /** The time of sealing, in milliseconds since 1970. */
  readonly issued: number;
  /** The time of expiry, in milliseconds since 1970; `Infinity` for none. */
  readonly expires: number;
  readonly audience: string | undefined;
  readonly owner: string | undefined;
  /** The generation of the owner's tokens that this one belongs to; 0 without an owner. */
  readonly generation: number;
  /** The end of renewals, in milliseconds since 1970; `undefined` if there is none. */
  readonly renewableUntil: number | undefined;
}

/**
 * Writes claims as JSON.
 *
 * @param params the JSON text of the params
 */
export function writeClaims(claims: Claims, params: string): string {
  const { name, issued, expires, audience, owner, generation, renewableUntil } = claims;
  // JSON has no Infinity, and writes it as null.
  const head = JSON.stringify([name, issued, expires, audience, owner, generation, renewableUntil]);
  return `${head.slice(0, -1)},${params}]`;
}

/**
 * Reads claims, and the parsed params. The text was authenticated, but another program may have
 * sealed it with the same key.
 *
 * @throws TokenForgedError for any other text
 */
export function readClaims(text: string, id: string): { claims: Claims; params: unknown } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw foreign(id, error);
  }
  if (!Array.isArray(parsed) || parsed.length !== 8) throw foreign(id);
  const [name, issued, expires, audience, owner, generation, renewableUntil, params] =
    parsed as unknown[];
  const isClaims =
    typeof name === "string" &&
    Number.isSafeInteger(issued) &&
    isOptionalTime(expires) &&
    isOptionalText(audience) &&
    isOptionalText(owner) &&
    Number.isSafeInteger(generation) &&
    isOptionalTime(renewableUntil);
  if (!isClaims) throw foreign(id);
  return {
    claims: {
      name,
      issued: issued as number,
      expires: expires ?? Number.POSITIVE_INFINITY,
      audience: audience ?? undefined,
      owner: owner ?? undefined,
      generation: generation as number,
      renewableUntil: renewableUntil ?? undefined,
    },
    params,
  };
}

function isOptionalTime(value: unknown): value is number | null {
  return value === null || Number.isSafeInteger(value);
}

function isOptionalText(value: unknown): value is string | null {
  return value === null || typeof value === "string";
}

function foreign(id: string, cause?: unknown): TokenForgedError {
  return new TokenForgedError(
    `The token ${id} was sealed with a key of the ring, but not by this package. ` +
      "Use the key's secret for nothing else.",
    cause,
  );
}
