import type { Implementation } from "../implementation.ts";

/** The context of a scenario's program, which runs at the client. */
export interface Context {
  /** The stub of the server's main object; see `application.ts`. */
  readonly api: any;
  /** The client's implementation. */
  readonly client: Implementation;
  /** Waits until nothing is in flight. */
  settle(): Promise<void>;
  /** The events at the server so far. */
  readonly events: readonly string[];
}

interface Deviation {
  /**
   * The part that differs: the result, if the reference is the client or the server; or only the
   * messages, or their order.
   */
  readonly where: "client" | "server" | "bytes";
  readonly why: string;
}

/** A program, the same for every implementation and transport. */
export interface Scenario {
  readonly name: string;
  /**
   * Runs the program, which disposes of the stubs that it gets.
   *
   * @returns the result, which must be the same everywhere
   */
  run(cx: Context): Promise<unknown>;
  /** True if all calls are made in one turn and one round trip, as a batch requires. */
  readonly oneBatch?: boolean;
  /**
   * True if the server reads a stream through the platform, as the text of a body. Versions of Node
   * other than the recording one acknowledge the stream's end after the result; see
   * `isReadByPlatform` of scenes.
   */
  readonly isReadByPlatform?: boolean;
  /**
   * True if a stream of the client's is piped. Its chunks leave when the source has them, before or
   * after messages about other matters.
   */
  readonly isPiped?: boolean;
  /** The reference's different behaviour, and the reason for not following it. */
  readonly deviates?: Deviation;
}

/** An error as data. */
function described(error: any): unknown {
  if (!(error instanceof Error)) return { thrown: error };
  const { name } = error;
  // Our message goes on to say where the unsendable value stands.
  const message = error.message.replace(/ \((arguments|result)\b.*$/s, "");
  const rest = Object.fromEntries(
    Object.entries(error).filter(
      ([key, value]) => !["stack", "name"].includes(key) && !isOwnCode(key, value),
    ),
  );
  return { name, message, rest: mapValues(rest) };
}

/**
 * True if a property is the code of one of our errors. Only our own sides send it to each other.
 */
const isOwnCode = (key: string, value: unknown) => key === "code" && CODES.includes(value);

const CODES: unknown[] = ["PATH", "DISPOSED", "UNENCODABLE"];

function mapValues(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      value instanceof Error ? described(value) : value,
    ]),
  );
}

/** The outcome of a promise, as data. */
export async function outcome(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    return { value: await promise };
  } catch (error) {
    return { error: described(error) };
  }
}

/** The outcome of a function, as data. */
export function attempt(run: () => unknown): unknown {
  try {
    return { value: typeof run() };
  } catch (error) {
    return { error: described(error) };
  }
}
