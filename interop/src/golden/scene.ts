import type { Feature, Part, Scene, Step, Template } from "@capnweb/testkit";

/** A scene to be recorded, and the facts about its transcript. */
export interface GoldenScene extends Scene {
  readonly name: string;
  readonly features: readonly Feature[];
  readonly batch?: boolean;
  /** True if the implementations raise all errors in it themselves, each in its own words. */
  readonly ownWording?: boolean;
  /** The messages of a raw side. */
  readonly script?: readonly Part[];
  /**
   * True if a peer that delivers faster or slower than in lockstep may rightly send other messages.
   */
  readonly isRace?: boolean;
  /**
   * True if the client pipes a stream into the session. Versions of Node differ in the microtasks
   * that `pipeTo` takes before its first write. The order of that write among the turn's other
   * messages differs too, for the reference as for us.
   */
  readonly isPiped?: boolean;
  /**
   * True if the server reads the stream through the platform, as the text of a body. The microtasks
   * that this takes decide whether the stream's end is acknowledged before the result is sent. On
   * newer versions of Node, we acknowledge it after the result, and the reference before. Both are
   * correct.
   */
  readonly isReadByPlatform?: boolean;
  /** The reason for knowingly deviating from the recording. */
  readonly deviates?: Deviation;
}

interface Deviation {
  readonly side: "client" | "server";
  readonly why: string;
  /** True if only order, time or wording differ, which doesn't matter to peers. */
  readonly isHarmless?: boolean;
}

type Extras = Pick<
  GoldenScene,
  "batch" | "ownWording" | "onSendError" | "isRace" | "isPiped" | "isReadByPlatform" | "deviates"
>;

/** The deviation of a scene in which `side` can't send a value. */
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

/** Scenes of a raw side have malformed input, unless they name other features. */
type RawExtras = Extras & Partial<Pick<GoldenScene, "features">>;

/**
 * A client that sends the given messages, against the application. Messages that aren't text are
 * trees.
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

/** A client's program, against a server that sends the given messages. */
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

// Short forms of the steps.

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
/** Waits, and notes the server's events. */
export const serverEvents: readonly Step[] = [settle, call("events", "api.events"), wait("events")];

/** A call that returns an expression. */
export const echo = (expression: unknown) => ["push", ["pipeline", 0, ["echo"], [expression]]];
