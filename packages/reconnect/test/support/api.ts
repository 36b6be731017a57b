import { RpcTarget } from "@capnweb/core";
import type { ResumeAcceptor } from "@capnweb/resume";
import { onTestFinished } from "vitest";
import { type ConnectOptions, connect } from "../../src/index.ts";
import { Network, quick, statesOf } from "./network.ts";

/** A capability of the server's. */
export class Room extends RpcTarget {
  readonly #name: string;
  readonly #server: Server;

  constructor(name: string, server: Server) {
    super();
    this.#name = name;
    this.#server = server;
  }

  say(text: string) {
    this.#server.log.push(`${this.#name}: ${text}`);
    return text.length;
  }

  members() {
    return ["ada", "ben"];
  }

  idle() {
    this.#server.log.push("idle");
    return this.#server.idle();
  }
}

/** The main object of the server. */
export class Api extends RpcTarget {
  readonly #server: Server;

  constructor(server: Server) {
    super();
    this.#server = server;
  }

  echo(value: unknown) {
    this.#server.log.push(`echo ${value}`);
    return value;
  }

  room(name: string) {
    this.#server.log.push(`room ${name}`);
    return new Room(name, this.#server);
  }

  names() {
    return ["a", "b"];
  }

  fail() {
    throw new RangeError("no");
  }

  idle() {
    this.#server.log.push("idle");
    return this.#server.idle();
  }

  async call(callback: (value: number) => unknown) {
    return await callback(1);
  }

  keep(callback: { dup(): Disposable }) {
    this.#server.kept.push(callback.dup());
  }
}

/** The state of a server, which its sessions share. */
export class Server {
  readonly log: string[] = [];
  readonly kept: Disposable[] = [];
  /** Answers the calls that idle. */
  wake: () => void = () => {};

  idle(): Promise<string> {
    return new Promise((resolve) => {
      const before = this.wake;
      this.wake = () => {
        before();
        resolve("woken");
      };
    });
  }
}

/**
 * A server in memory, and a connection to it.
 *
 * @param acceptor the server's, if it resumes
 */
export function setUp(options: Partial<ConnectOptions> = {}, acceptor?: ResumeAcceptor) {
  const server = new Server();
  const network = new Network(() => new Api(server));
  network.acceptor = acceptor;
  const connection = connect<Api>({ open: network.open, ...quick, ...options });
  onTestFinished(() => connection.close());
  const { log } = server;
  return { server, log, network, connection, api: connection.api, states: statesOf(connection) };
}
