import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createApplication } from "@capnweb/testkit";
import { type WebSocket, WebSocketServer } from "ws";
import { OURS } from "../implementation.ts";

/** Operations on a connection, besides changing its messages. */
export interface MutantConnection {
  /** Sends a message to the client at once. */
  say(message: unknown): void;
  /** Hands a message to the server's session, as if the client had sent it. */
  hear(message: unknown): void;
  /** Runs a function later, unless the connection is over by then. */
  later(milliseconds: number, run: () => void): void;
  close(): void;
}

/** Changes to the messages of one connection. A message that isn't a list stays unchanged. */
export interface Mutation {
  /** Returns the messages to send in place of one of the server's. */
  send?(message: any[]): readonly unknown[];
  /** Returns the messages to deliver in place of one of the client's. */
  receive?(message: any[]): readonly unknown[];
  /** Called in place of closing the connection. */
  end?(close: () => void): void;
}

/** Makes the changes that turn a correct server into a mutant. Called for each connection. */
export type Mutate = (connection: MutantConnection) => Mutation;

/** A running mutant. */
export interface MutantServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Serves the application of the conformance runs, changed by a mutation. */
export async function serveMutant(mutate: Mutate): Promise<MutantServer> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  server.on("connection", (socket) => serve(socket, mutate));
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async stop() {
      for (const socket of server.clients) socket.terminate();
      server.close();
      await once(server, "close");
    },
  };
}

function serve(socket: WebSocket, mutate: Mutate): void {
  let receiver: { receive(text: string): void; close(reason: unknown): void };
  const timers = new Set<NodeJS.Timeout>();
  const say = (message: unknown) => {
    if (socket.readyState === socket.OPEN) socket.send(asText(message));
  };
  const hear = (message: unknown) => receiver.receive(asText(message));
  const mutation = mutate({
    say,
    hear,
    later: (milliseconds, run) => timers.add(setTimeout(run, milliseconds)),
    close: () => socket.close(),
  });
  new OURS.RpcSession(
    {
      start(started: typeof receiver) {
        receiver = started;
      },
      send(text: string) {
        const message = parsed(text) as any[];
        for (const each of mutation.send?.(message) ?? [text]) say(each);
      },
      abort() {
        const close = () => socket.close(3000);
        if (mutation.end === undefined) close();
        else mutation.end(close);
      },
    },
    createApplication(OURS),
  );
  socket.on("message", (data) => {
    const text = String(data);
    const message = parsed(text);
    const changed = Array.isArray(message) ? mutation.receive?.(message) : undefined;
    for (const each of changed ?? [text]) hear(each);
  });
  socket.on("close", () => {
    for (const timer of timers) clearTimeout(timer);
    receiver.close(new Error("The client closed the connection."));
  });
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
