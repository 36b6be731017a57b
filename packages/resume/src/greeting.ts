import type { Connection, ConnectionHandler } from "./connection.ts";
import { type Accepted, type Control, readControl } from "./control.ts";
import type { ResumeError } from "./errors.ts";

/** The connecting side, as the peer's answers to its hellos act on it. */
export interface GreetingClient {
  /** True unless another connection has taken the place of this one. */
  isCurrent(connection: Connection): boolean;
  /** Called with the facts of a peer that knows `resume`. */
  accepted(facts: Accepted): void;
  /** Called when a peer that knows `resume` has begun the session. */
  begun(connection: Connection): void;
  /** Called with the first frame of a peer that doesn't know `resume`. */
  plain(connection: Connection, frame: unknown): void;
  /** Called when the peer goes on, and has received that many frames. */
  resumed(connection: Connection, received: number): void;
  /** Called when the session can't go on, because the peer doesn't know `resume`. */
  unsupported(): void;
  /** Called with all other control messages. */
  control(control: Control): void;
  connectionLost(connection: Connection, reason: unknown): void;
  failed(error: ResumeError): void;
}

/** Takes a frame, with its content if it is a control message. */
type Answered = (frame: unknown, control: Control | undefined) => void;

/** Takes what a connection brings until the peer's answer to the hello is there. */
class Greeting implements ConnectionHandler {
  readonly #connection: Connection;
  readonly #client: GreetingClient;
  readonly #answered: Answered;

  constructor(connection: Connection, client: GreetingClient, answered: Answered) {
    this.#connection = connection;
    this.#client = client;
    this.#answered = answered;
  }

  take(frame: unknown): void {
    if (!this.#client.isCurrent(this.#connection)) return;
    let control: Control | undefined;
    try {
      control = readControl(frame);
    } catch (error) {
      this.#client.failed(error as ResumeError);
      return;
    }
    // A peer may stop at any time, whether it knows `resume` or not.
    if (control?.kind === "goaway") this.#client.control(control);
    else this.#answered(frame, control);
  }

  lost(reason: unknown): void {
    this.#client.connectionLost(this.#connection, reason);
  }
}

/**
 * Takes the first frame of a session. Its messages have left already.
 *
 * @param isInherited true if an earlier session used the connection
 */
export function beginning(
  connection: Connection,
  client: GreetingClient,
  isInherited: boolean,
): ConnectionHandler {
  return new Greeting(connection, client, (frame, control) => {
    // Said to the session before, whose messages were still on their way.
    if (control?.kind === "fresh" && isInherited) return;
    const facts = factsIn(control);
    if (facts) {
      client.accepted(facts);
      client.begun(connection);
    } else if (control && control.kind !== "resume") {
      client.control(control);
    } else {
      client.plain(connection, frame);
    }
  });
}

/**
 * Takes the answer of a peer that has to say which frames it lacks.
 *
 * @param isAnswered true if the peer has ever answered: it can't begin the session then
 */
export function continuation(
  connection: Connection,
  client: GreetingClient,
  isAnswered: boolean,
): ConnectionHandler {
  return new Greeting(connection, client, (_, control) => {
    const facts = isAnswered ? undefined : factsIn(control);
    if (control?.kind === "resumed") {
      client.accepted(control);
      client.resumed(connection, control.received);
    } else if (facts) {
      client.accepted(facts);
      client.resumed(connection, 0);
    } else if (control && ENDS.has(control.kind)) {
      client.control(control);
    } else {
      client.unsupported();
    }
  });
}

/** The answers with which a session ends. */
const ENDS: ReadonlySet<Control["kind"]> = new Set(["fresh", "refused", "closed"]);

/** The facts in an answer that begins a session. */
function factsIn(control: Control | undefined): Accepted | undefined {
  return control?.kind === "resume" && !("secret" in control.resume) ? control.resume : undefined;
}
