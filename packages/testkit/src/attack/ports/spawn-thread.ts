import type { ServerPorts } from "../media/port.ts";
import type { Spawn } from "../program.ts";
import { startThread } from "./start-thread.ts";

/**
 * Starts programs in threads of this process, whose ports lead to a server.
 *
 * @param connect hands the ports that a program makes to the server
 */
export function spawnThreads(connect: (ports: ServerPorts) => void): Spawn {
  return (url, megabytes) => {
    const worker = startThread(url, megabytes);
    const listeners = new Set<(answer: unknown) => void>();
    worker.on("error", () => {});
    worker.on("message", (message) => {
      if (isConnect(message)) connect(message.connect);
      else for (const listener of [...listeners]) listener(message);
    });
    return {
      send: (question) => worker.postMessage(question),
      onAnswer(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      onExit(listener) {
        worker.on("exit", listener);
        return () => worker.off("exit", listener);
      },
      kill: () => void worker.terminate(),
    };
  };
}

function isConnect(message: object): message is { connect: ServerPorts } {
  return "connect" in message;
}
