/**
 * The program of a client's application, as data: a list of steps to carry out in order. Any
 * language can interpret it; docs/conformance.md describes every step.
 *
 * Variables have names; `api` is the stub of the server's main object. A `target` is a variable's
 * name, followed by the names of properties, separated by dots: `api.user` or `list.0.name`.
 */
export type Step =
  /** Calls a method. Doesn't wait. */
  | {
      readonly do: "call";
      readonly target: string;
      readonly args: readonly Template[];
      readonly as: string;
    }
  /** Takes the promise of a property. Doesn't wait. */
  | { readonly do: "get"; readonly target: string; readonly as: string }
  /** Maps over a promise or stub; the callback's steps and result use `it` for the element. */
  | {
      readonly do: "map";
      readonly target: string;
      readonly steps: readonly Step[];
      readonly result: Template;
      readonly as: string;
    }
  /** Waits for all of the variables at once, notes the outcome of each, and keeps the values. */
  | { readonly do: "await"; readonly names: readonly string[] }
  /** Names a part of an awaited value. */
  | { readonly do: "pick"; readonly target: string; readonly as: string }
  /** Duplicates a stub or promise. */
  | { readonly do: "dup"; readonly name: string; readonly as: string }
  /** Disposes of a stub, a promise or a result. */
  | { readonly do: "dispose"; readonly name: string }
  /** Makes a local value; see {@link Template}. */
  | { readonly do: "let"; readonly value: Template; readonly as: string }
  /** Adds a note when the stub breaks. */
  | { readonly do: "watch"; readonly name: string }
  /** Reads a stream to its end, and notes its chunks or failure. */
  | { readonly do: "read"; readonly name: string }
  /** Reads one chunk, and notes or names it. */
  | { readonly do: "readOne"; readonly name: string; readonly as?: string }
  /** Cancels a stream that is being read. */
  | { readonly do: "cancel"; readonly name: string; readonly reason: string }
  /** Writes chunks to a stream, waiting for each; notes the first failure. */
  | { readonly do: "write"; readonly name: string; readonly chunks: readonly Template[] }
  /** Writes chunks to a stream without waiting. */
  | { readonly do: "writeAhead"; readonly name: string; readonly chunks: readonly Template[] }
  /** Closes or aborts a stream that is being written to; notes a failure. */
  | { readonly do: "close"; readonly name: string }
  | { readonly do: "abort"; readonly name: string; readonly reason: string }
  /** Waits until nothing is in flight. */
  | { readonly do: "settle" }
  /** Notes the events of the client's own objects so far. */
  | { readonly do: "events" };

/**
 * A value, written as a Cap'n Web expression (so an array is `[[…]]`, a date `["date", ms]`), with
 * two more tags: `["$", name]` is a variable, and `["$local", name, …args]` an object of the
 * client's own.
 */
export type Template = unknown;

/**
 * The notes of a program, as expressions. `["$stub"]`, `["$stream"]` and the like stand for values
 * without an expression.
 */
export type Notes = readonly unknown[];
