/**
 * One step of a sequence, as plain JSON, so that a file can replay it. `--messages` counts the
 * `message` steps.
 */
export type Step =
  /** A text; a tree if the level isn't `"string"`; see `revive` of `generate/trees.ts`. */
  | { readonly message: unknown }
  /** A binary message, or bytes of a stream, in base64. */
  | { readonly bytes: string }
  /** The number of turns of the event loop to wait. */
  | { readonly turns: number }
  /** An action of the application on our side; see `targets/actions.ts`. */
  | { readonly act: number; readonly by: number }
  /** The way in which the session ends. */
  | { readonly end: "close" | "silent" | "dispose" }
  /** A WebSocket frame whose payload is text, or base64. `head` is the first byte. */
  | {
      readonly head: number;
      readonly text?: string;
      readonly payload?: string;
      readonly isBare?: boolean;
    };

/** A sequence of steps that a target can repeat. */
export interface Sequence {
  /** Settings of the session or server. */
  readonly variant: Readonly<Record<string, unknown>>;
  readonly steps: readonly Step[];
}

/** A broken invariant. */
export interface Fault {
  /** The name of the invariant: the same for all sequences that break it in the same way. */
  readonly kind: string;
  readonly detail: string;
}

/** The result of a sequence. */
export interface Outcome {
  readonly faults: readonly Fault[];
  /** True if the session answered a well-formed call at the end. */
  readonly survived: boolean;
  /** An object that must be collectable once the sequence is over. */
  readonly remains?: WeakRef<object> | undefined;
}

/** A part of the project that is attacked. */
export interface Target {
  readonly name: string;
  start?(): Promise<void>;
  stop?(): Promise<void>;
  /** @param mild whether to leave out small messages that ask for much work */
  generate(random: import("./random.ts").Random, mild: boolean): Sequence;
  run(sequence: Sequence): Promise<Outcome>;
}

/** The number of messages in a sequence. */
export function countMessages({ steps }: Sequence): number {
  return steps.filter((step) => "message" in step || "bytes" in step || "head" in step).length;
}

/** Resolves in the next turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A fault's kind without numbers and names of places, so that each fault is reported once. */
export function signature({ kind, detail }: Fault): string {
  const [first = "", ...rest] = detail.split("\n");
  const where = rest.find((line) => line.includes("/src/")) ?? "";
  return `${kind}: ${first} ${where}`.replace(/\d+/g, "N").slice(0, 300);
}
