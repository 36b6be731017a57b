import type { Feature, Part, Scene, Step, Template } from "@capnweb/testkit";

/** A scene to be recorded, and what its transcript says about itself. */
export interface GoldenScene extends Scene {
  readonly name: string;
  readonly features: readonly Feature[];
  readonly batch?: boolean;
  /**
   * Whether all errors in it are raised by the implementations, each of which has its own words.
   */
  readonly ownWording?: boolean;
  /** What a raw side says. */
  readonly script?: readonly Part[];
  /**
   * Whether a peer that delivers faster or slower than in lockstep may rightly say something else.
   */
  readonly isRace?: boolean;
  /**
   * Whether the client pipes a stream into the session. How many microtasks `pipeTo` takes before
   * its first write differs between versions of Node, so the order of that write and of what the
   * turn says otherwise does too, for the reference as for us.
   */
  readonly isPiped?: boolean;
  /**
   * Whether the server reads the stream through the platform, as the text of a body. Then how many
   * microtasks that takes decides whether the end of the stream is acknowledged before the result
   * is sent, and on newer Nodes we do it after, the reference before. No peer minds.
   */
  readonly isReadByPlatform?: boolean;
  /** Where we knowingly don't do what was recorded, and why. */
  readonly deviates?: Deviation;
}

interface Deviation {
  readonly side: "client" | "server";
  readonly why: string;
  /** Whether it is only a matter of order, time or wording, which no peer minds. */
  readonly isHarmless?: boolean;
}

type Extras = Pick<
  GoldenScene,
  "batch" | "ownWording" | "onSendError" | "isRace" | "isPiped" | "isReadByPlatform" | "deviates"
>;

/** What a scene says in which `side` can't send a value. */
export const saysWhere = (side: "client" | "server"): Extras => ({
  ownWording: true,
  deviates: {
    side,
    why: "our error adds the place of the value and a remedy",
    isHarmless: true,
  },
});

/** A client's program, against the application. */
export function scene(
  name: string,
  features: readonly Feature[],
  program: readonly Step[],
  extras: Extras = {},
): GoldenScene {
  return { name, features, client: { program }, server: { application: true }, ...extras };
}

/** A scene that is one round trip. */
export const batch = (
  name: string,
  features: readonly Feature[],
  program: readonly Step[],
  extras: Extras = {},
) => scene(name, features, program, { batch: true, ...extras });

/** A raw side's scenes are of malformed input, unless they say otherwise. */
type RawExtras = Extras & Partial<Pick<GoldenScene, "features">>;

/**
 * A client that says what it likes, against the application. Messages that aren't text are trees.
 */
export function rawClient(
  name: string,
  parts: readonly unknown[][],
  extras: RawExtras = {},
): GoldenScene {
  return {
    name,
    features: ["malformed"],
    client: { raw: true },
    server: { application: true },
    script: asText(parts),
    ...extras,
  };
}

/** A client's program, against a server that says what it likes. */
export function rawServer(
  name: string,
  program: readonly Step[],
  parts: readonly unknown[][],
  extras: RawExtras = {},
): GoldenScene {
  return {
    name,
    features: ["malformed"],
    client: { program },
    server: { raw: true },
    script: asText(parts),
    ...extras,
  };
}

function asText(parts: readonly unknown[][]): Part[] {
  return parts.map((part) =>
    part.map((message) => (typeof message === "string" ? message : JSON.stringify(message))),
  );
}

// The steps, shorter.

export const call = (as: string, target: string, ...args: Template[]): Step => ({
  do: "call",
  target,
  args,
  as,
});
export const get = (as: string, target: string): Step => ({ do: "get", target, as });
export const map = (
  as: string,
  target: string,
  steps: readonly Step[],
  result: Template,
): Step => ({ do: "map", target, steps, result, as });
export const wait = (...names: string[]): Step => ({ do: "await", names });
export const pick = (as: string, target: string): Step => ({ do: "pick", target, as });
export const dup = (as: string, name: string): Step => ({ do: "dup", name, as });
export const dispose = (name: string): Step => ({ do: "dispose", name });
export const make = (as: string, value: Template): Step => ({ do: "let", value, as });
export const watch = (name: string): Step => ({ do: "watch", name });
export const settle: Step = { do: "settle" };
export const events: Step = { do: "events" };
export const read = (name: string): Step => ({ do: "read", name });
export const readOne = (name: string, as?: string): Step =>
  as === undefined ? { do: "readOne", name } : { do: "readOne", name, as };
export const cancel = (name: string, reason: string): Step => ({ do: "cancel", name, reason });
export const write = (name: string, ...chunks: Template[]): Step => ({ do: "write", name, chunks });
export const writeAhead = (name: string, ...chunks: Template[]): Step => ({
  do: "writeAhead",
  name,
  chunks,
});
export const close = (name: string): Step => ({ do: "close", name });
export const abort = (name: string, reason: string): Step => ({ do: "abort", name, reason });

/** A variable. */
export const $ = (name: string): Template => ["$", name];
/** An object of the client's own. */
export const local = (name: string, ...args: Template[]): Template => ["$local", name, ...args];
/** A list. */
export const list = (...elements: Template[]): Template => [elements];
/** What the server noted. */
export const serverEvents: readonly Step[] = [settle, call("events", "api.events"), wait("events")];

/** A call that gives an expression back. */
export const echo = (expression: unknown) => ["push", ["pipeline", 0, ["echo"], [expression]]];
