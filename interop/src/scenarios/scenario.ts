import type { Implementation } from "../implementation.ts";

/** What a scenario's program, which runs at the client, works with. */
export interface Context {
  /** The stub of the server's main object; see `application.ts`. */
  readonly api: any;
  /** The client's implementation. */
  readonly client: Implementation;
  /** Waits until nothing is under way any more. */
  settle(): Promise<void>;
  /** What happened at the server so far. */
  readonly events: readonly string[];
}

interface Deviation {
  /**
   * What is different: the result where the reference is the client, or the server; or only what is
   * sent, or its order.
   */
  readonly where: "client" | "server" | "bytes";
  readonly why: string;
}

/** A program, the same for every implementation and transport. */
export interface Scenario {
  readonly name: string;
  /**
   * Gives the result that must be the same everywhere; stubs in it are disposed of by the program.
   */
  run(cx: Context): Promise<unknown>;
  /** Whether everything happens in one turn and one round trip, as a batch needs it. */
  readonly oneBatch?: boolean;
  /**
   * Whether the server reads a stream through the platform, as the text of a body: on Nodes that
   * recordings aren't made with, its end is then acknowledged after the result; see
   * `isReadByPlatform` of scenes.
   */
  readonly isReadByPlatform?: boolean;
  /**
   * Whether a stream of the client's is piped. Its chunks leave when the source has them, before or
   * after messages about other things.
   */
  readonly isPiped?: boolean;
  /** Where the reference behaves differently, and why we do not follow it. */
  readonly deviates?: Deviation;
}

/** An error as data. */
function described(error: any): unknown {
  if (!(error instanceof Error)) return { thrown: error };
  const { name } = error;
  // Ours goes on to say where a value stands that can't travel.
  const message = error.message.replace(/ \((arguments|result)\b.*$/s, "");
  const rest = Object.fromEntries(
    Object.entries(error).filter(
      ([key, value]) => !["stack", "name"].includes(key) && !isOwnCode(key, value),
    ),
  );
  return { name, message, rest: mapValues(rest) };
}

/** Whether a property is a code of our own errors, which only our own sides tell each other. */
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

/** How a promise ends, as data. */
export async function outcome(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    return { value: await promise };
  } catch (error) {
    return { error: described(error) };
  }
}

/** How a function ends, as data. */
export function attempt(run: () => unknown): unknown {
  try {
    return { value: typeof run() };
  } catch (error) {
    return { error: described(error) };
  }
}
