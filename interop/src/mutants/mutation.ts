import type { WebSocket } from "ws";
import { OURS } from "../implementation.ts";

/** Operations on a mutant's connection, besides changing its messages. */
export interface MutantConnection {
  /** Sends a message to the kit at once. */
  say(message: unknown): void;
  /** Hands a message to the mutant's session, as if the kit had sent it. */
  hear(message: unknown): void;
  /** Runs a function later, unless the connection is over by then. */
  later(milliseconds: number, run: () => void): void;
  close(): void;
  /** Ends the whole mutant, as a crash does. Only for servers. */
  crash(): void;
}

/** Changes to the messages of one connection. A message that isn't a list stays unchanged. */
export interface Mutation {
  /** Returns the messages to send in place of one of the mutant's. */
  send?(message: any[]): readonly unknown[];
  /** Returns the messages to deliver in place of one of the kit's. */
  receive?(message: any[]): readonly unknown[];
  /** Called in place of closing the connection. */
  end?(close: () => void): void;
}

/** Makes the changes that turn a correct peer into a mutant. Called for each connection. */
export type Mutate = (connection: MutantConnection) => Mutation;

/**
 * Starts a session of ours over a socket, changed by a mutation.
 *
 * @param socket an open socket, or one that is being opened
 */
export function startMutant(
  socket: WebSocket,
  mutate: Mutate,
  main: unknown,
  crash: () => void = () => {},
): InstanceType<typeof OURS.RpcSession> {
  let receiver: { receive(text: string): void; close(reason: unknown): void };
  const timers = new Set<NodeJS.Timeout>();
  const early: (string | Uint8Array)[] = [];
  const say = (message: unknown) => {
    const frame = message instanceof Uint8Array ? message : asText(message);
    if (socket.readyState === socket.CONNECTING) early.push(frame);
    else if (socket.readyState === socket.OPEN) socket.send(frame);
  };
  socket.on("open", () => {
    for (const frame of early) socket.send(frame);
  });
  const mutation = mutate({
    say,
    hear: (message) => receiver.receive(asText(message)),
    later: (milliseconds, run) => timers.add(setTimeout(run, milliseconds)),
    close: () => socket.close(),
    crash,
  });
  const session = new OURS.RpcSession(
    {
      start(started: typeof receiver) {
        receiver = started;
      },
      send(text: string) {
        const message = parsed(text) as any[];
        for (const each of mutation.send?.(message) ?? [message]) {
          say(each === message ? text : each);
        }
      },
      abort() {
        const close = () => socket.close(3000);
        if (mutation.end === undefined) close();
        else mutation.end(close);
      },
    },
    main,
  );
  socket.on("message", (data) => {
    const text = String(data);
    const message = parsed(text);
    const changed = Array.isArray(message) ? mutation.receive?.(message) : undefined;
    // Some messages are nested too deeply for JSON.stringify.
    for (const each of changed ?? [message]) {
      receiver.receive(each === message ? text : asText(each));
    }
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    for (const timer of timers) clearTimeout(timer);
    receiver.close(new Error("The other side closed the connection."));
  });
  return session;
}

function asText(message: unknown): string {
  return typeof message === "string" ? message : JSON.stringify(message);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
