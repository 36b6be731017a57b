import type { Connected, Handle, Subject } from "./subject.ts";

/** An observation of a library, as docs/comparison.md has it in a row of its table. */
export interface Claim {
  readonly row: string;
  /** Makes a client and a server with the library, and returns the observation. */
  observe(subject: Subject): Promise<string>;
}

/** Connects, makes the observation, and ends. What the library throws at a call is `throws`. */
async function withSession(
  subject: Subject,
  handle: Handle,
  observe: (connected: Connected) => Promise<string>,
): Promise<string> {
  const connected = await subject.connect(handle);
  try {
    return await observe(connected);
  } catch {
    return "throws";
  } finally {
    await connected.close();
  }
}

/** A claim on a value that the client sends: does the server see the same? */
function arrives(row: string, value: () => unknown, isKept: (value: any) => boolean): Claim {
  return {
    row,
    observe: (subject) =>
      withSession(
        subject,
        (received) => (isKept(received.value) ? "yes" : nameOf(received.value)),
        async ({ call }) => await call({ value: value() }),
      ),
  };
}

/** The kind of a value that has changed on its way. */
function nameOf(value: unknown): string {
  if (value === undefined) return "lost";
  if (Array.isArray(value) || value === null) return `\`${JSON.stringify(value)}\``;
  return typeof value === "object"
    ? `an ${value.constructor.name.toLowerCase()}`
    : `a ${typeof value}`;
}

export const CLAIMS: readonly Claim[] = [
  {
    row: "a function in an argument can be called",
    observe: (subject) =>
      withSession(
        subject,
        async ({ callback }) => (typeof callback === "function" ? await callback() : "lost"),
        async ({ call }) => await call({ callback: () => "yes" }),
      ),
  },
  {
    row: "an object in a result can be called",
    observe: (subject) =>
      withSession(
        subject,
        () => (subject.byReference ?? ((methods) => methods))({ answer: () => "yes" }),
        async ({ call }) => {
          const object = await call({});
          return typeof object?.answer === "function" ? await object.answer() : "lost";
        },
      ),
  },
  arrives(
    "a `Date` arrives",
    () => new Date(5),
    (value) => value instanceof Date,
  ),
  arrives(
    "a `bigint` arrives",
    () => 5n,
    (value) => value === 5n,
  ),
  arrives("`NaN` arrives", () => Number.NaN, Number.isNaN),
  arrives(
    "`undefined` in a list arrives",
    () => [undefined],
    ([first]) => first === undefined,
  ),
  arrives(
    "a `Uint8Array` arrives",
    () => new Uint8Array([1]),
    (value) => value instanceof Uint8Array,
  ),
  arrives(
    "a `Map` arrives",
    () => new Map(),
    (value) => value instanceof Map,
  ),
  {
    row: "a `RangeError` of a method arrives",
    observe: async (subject) =>
      // Its handlers have no result: an error would end the process.
      subject.name === "socket.io"
        ? "the application's task"
        : await withSession(
            subject,
            () => {
              throw new RangeError("Too much.");
            },
            async ({ call }) => {
              const error = await call({}).catch((reason: unknown) => reason);
              if (error instanceof RangeError && error.message === "Too much.") return "yes";
              const isTold = error.message === "Too much.";
              return `\`${error.constructor.name}\`, ${isTold ? "with" : "without"} its message`;
            },
          ),
  },
];
