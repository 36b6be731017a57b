import { createApplication } from "../application/application.ts";
import type { Implementation, Session, SessionStats } from "../implementation.ts";
import { runProgram } from "../program/run-program.ts";
import type { Notes } from "../program/steps.ts";
import { LockstepLink } from "./lockstep.ts";
import type { Line, Side, Transcript } from "./transcript.ts";

/** The roles of both sides in a session. */
export type Scene = Pick<Transcript, "client" | "server" | "onSendError">;

/** The outcome of a played scene. */
export interface Performance {
  /** The lines of both sides, in the order of sending. */
  readonly lines: readonly Line[];
  /** The notes of the client's program. */
  readonly notes: Notes;
  /** The table sizes of each session that an implementation played. */
  readonly stats: Partial<Record<Side, SessionStats>>;
}

/**
 * The player of a side: an implementation; recorded lines, each said in its turn; or a script, each
 * part of which is said when nothing is in flight.
 */
export type Actor = Implementation | readonly Line[] | { readonly script: readonly Part[] };

/**
 * Messages as text, said one after another. An empty part lets a program's `settle` step pass
 * first.
 */
export type Part = readonly string[];

/**
 * Plays a scene from beginning to end, in lockstep.
 *
 * @param scene the roles of both sides
 * @param cast the player of each side
 * @returns the lines of both sides, and the notes of the client's program
 * @throws StalledError if a program waits for a message that never comes
 *
 * @example
 * ```ts
 * const transcript = (await loadTranscripts()).get("pipeline-three-dependent-calls")!;
 * const { lines } = await play(transcript, { client: implementation, server: implementation });
 * ```
 */
export async function play(
  scene: Scene,
  cast: Readonly<Record<Side, Actor>>,
): Promise<Performance> {
  const link = new LockstepLink();
  const sessions: Partial<Record<Side, Session>> = {};
  const prompts: (() => void)[] = [];

  const { server, client } = cast;
  if (isLines(server)) prompts.push(prompter(link, "server", server));
  else if ("script" in server) prompts.push(reader(link, "server", server.script));
  else {
    sessions.server = new server.RpcSession(
      link.server,
      "application" in scene.server ? createApplication(server) : undefined,
      optionsOf(scene),
    );
  }
  let program: Promise<Notes> = Promise.resolve([]);
  if (isLines(client)) prompts.push(prompter(link, "client", client));
  else if ("script" in client) prompts.push(reader(link, "client", client.script));
  else {
    const session = new client.RpcSession(link.client);
    sessions.client = session;
    const api = session.getRemoteMain();
    if ("program" in scene.client) {
      program = runProgram(scene.client.program, {
        implementation: client,
        api,
        settle: () => link.settle(),
      });
    }
  }
  await link.run(program, () => {
    for (const prompt of prompts) prompt();
  });
  const stats = Object.fromEntries(
    Object.entries(sessions).map(([side, session]) => [side, session.getStats()]),
  );
  return { lines: link.lines, notes: await program, stats };
}

function isLines(actor: Actor): actor is readonly Line[] {
  return Array.isArray(actor);
}

/** Says a side's recorded lines, each after as many deliveries as in the recording. */
function prompter(link: LockstepLink, side: Side, lines: readonly Line[]): () => void {
  const own = lines.filter((line) => line.from === side);
  let next = 0;
  return () => {
    for (; next < own.length && own[next]!.after <= link.delivered; next++) {
      link.say(side, own[next]!.text, own[next]!.end);
    }
  };
}

/** Says the parts of a script. */
function reader(link: LockstepLink, side: Side, script: readonly Part[]): () => void {
  let next = 0;
  return () => {
    if (next >= script.length || link.lines.length > link.delivered) return;
    for (const text of script[next++]!) link.say(side, text);
  };
}

function optionsOf({ onSendError }: Scene): object {
  if (onSendError === undefined) return {};
  return {
    onSendError(error: Error) {
      const replacement = new TypeError(`replaced: ${error.message}`);
      replacement.stack = "a stack of the server's choice";
      return replacement;
    },
  };
}
