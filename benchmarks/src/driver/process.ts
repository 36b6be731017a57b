import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createBirpc } from "birpc";
import { channelOf } from "../participant/channel.ts";
import type { ParticipantFunctions } from "../participant/functions.ts";

/** Starts a process that measures. It ends once the driver disconnects. */
export function launch(node: string, program: string, ...args: readonly string[]): ChildProcess {
  const { NODE_OPTIONS: _, ...env } = process.env;
  return fork(program, args, {
    execPath: node,
    execArgv: ["--expose-gc"],
    env: { ...env, NODE_ENV: "production" },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
}

/**
 * The functions of a participant in a process.
 *
 * @param name the participant's name, if the process has several
 */
export function remote(child: ChildProcess, name?: string): ParticipantFunctions {
  return remoteOf<ParticipantFunctions>(child, channelOf(child, name));
}

/** The functions of a process over a channel. Calls fail once the process has ended. */
export function remoteOf<F extends object>(
  child: ChildProcess,
  channel: ReturnType<typeof channelOf>,
): F {
  const rpc = createBirpc<F, object>({}, channel);
  child.once("exit", (code, signal) => {
    rpc.$close(new Error(`A process ended with ${signal ?? `code ${code}`}.`));
  });
  return rpc as unknown as F;
}

/** Stops processes, and waits until they have ended. */
export async function stop(processes: readonly ChildProcess[]): Promise<void> {
  await Promise.all(
    processes.map(async (process) => {
      if (process.exitCode !== null || process.signalCode !== null) return;
      process.disconnect();
      await once(process, "exit");
    }),
  );
}
