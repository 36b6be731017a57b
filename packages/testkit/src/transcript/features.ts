/**
 * The optional parts of an implementation, with their descriptions. The first ten divide the
 * scenarios; the others are details of values and errors that some languages or versions lack.
 */
const DESCRIPTIONS = {
  values: "values as arguments and results",
  errors: "failing calls",
  pipelining: "calls on results that haven't arrived",
  promises: "promises in arguments and results",
  capabilities: "stubs, targets and functions",
  map: "map()",
  streams: "ReadableStream and WritableStream",
  blobs: "Blob",
  fetch: "Headers, Request and Response",
  malformed: "messages that must end a session, and unusual ones that mustn't",
  undefined: "a value apart from null",
  "special-numbers": "NaN and the infinities",
  bigints: "integers of any size",
  "small-bigints": "bigints that would fit into a number, and stay bigints",
  dates: "dates with milliseconds",
  "invalid-dates": "a date without a time",
  bytes: "Uint8Array",
  "typed-arrays": "the other classes of bytes",
  urls: "URL as a value",
  "lone-surrogates": "text that isn't valid Unicode",
  "list-holes": "lists without some of their elements",
  "aggregate-errors": "AggregateError",
  "error-properties": "the cause and other properties of errors",
  "thrown-values": "failures that aren't errors",
  "on-send-error": "an onSendError at the server that replaces errors",
  unsendable: "values of JavaScript that can't travel",
} as const satisfies Record<string, string>;

/** An optional part of an implementation. */
export type Feature = keyof typeof DESCRIPTIONS;

/** The description of every {@link Feature}, in the order of reports. */
export const FEATURE_DESCRIPTIONS: Readonly<Record<Feature, string>> = DESCRIPTIONS;

/** Every {@link Feature}. */
export const FEATURES: readonly Feature[] = Object.keys(DESCRIPTIONS) as Feature[];
