import { type ChildProcess, fork } from "node:child_process";
import { type Attack, kindOf } from "../attack.ts";
import { AttackError } from "../errors.ts";
import type { Settings } from "../options.ts";
import { besides, flagsFor } from "../program.ts";
import type { AttackResult } from "../result.ts";
import type { PortNews, PortOrder } from "./program.ts";

/**
 * Attacks a module that serves ports. Runs it in a process of its own, because attacks may end the
 * process.
 *
 * @throws AttackError if the module's server doesn't answer
 */
export async function* attackPorts(
  module: string,
  settings: Settings,
  attacks: readonly Attack[],
): AsyncGenerator<AttackResult> {
  const rest = [...attacks];
  while (rest.length > 0) {
    const child = start({ module, settings, ids: rest.map(({ id }) => id) });
    let ending: string | undefined;
    child.once("exit", (code, signal) => {
      ending = signal ?? `exit code ${code}`;
    });
    let hasBegun = false;
    try {
      for await (const news of newsOf(child)) {
        if ("failure" in news) throw new AttackError("NO_SERVER", news.failure);
        hasBegun ||= "begins" in news;
        if (!("result" in news)) continue;
        rest.shift();
        yield news.result;
      }
    } finally {
      child.kill("SIGKILL");
    }
    if (rest.length === 0) return;
    if (!hasBegun) throw new AttackError("NO_SERVER", `${module} can't be attacked: ${ending}.`);
    yield ended(rest.shift()!, ending);
  }
}

function start(order: PortOrder): ChildProcess {
  const url = besides(import.meta.url, "program");
  const child = fork(url, [], {
    execArgv: ["--expose-gc", ...flagsFor(url)],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  child.on("error", () => {});
  // Leaves out functions, which can't be sent and aren't needed.
  child.send(JSON.parse(JSON.stringify(order)), () => {});
  return child;
}

/** All news from a process, until it has ended. */
async function* newsOf(child: ChildProcess): AsyncGenerator<PortNews> {
  const queue: (PortNews | undefined)[] = [];
  let wake = () => {};
  const add = (news: PortNews | undefined) => {
    queue.push(news);
    wake();
  };
  child.on("message", (news) => add(news as PortNews));
  child.once("exit", () => add(undefined));
  for (;;) {
    const news = queue.shift();
    if (news !== undefined) yield news;
    else if (child.exitCode !== null || child.signalCode !== null) return;
    else {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
}

/** The result of an attack that ended the process, and every thread in it. */
function ended(attack: Attack, ending: string | undefined): AttackResult {
  const { id, title } = attack;
  const reasons = [`the server's process ended (${ending})`];
  return { id, kind: kindOf(attack), title, verdict: "hurt", reasons, duration: 0 };
}
