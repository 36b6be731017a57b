import { CodedError } from "@capnweb/wire/coded";

const OPTION = { origin: "origins", host: "hosts" } as const;

/** The server refuses a request because of its origin or host. */
export class AccessError extends CodedError {
  readonly #status: number;

  /**
   * @param header the header that decided
   * @param value the header's value
   * @param status the HTTP status of the refusal
   */
  constructor(header: "origin" | "host", value: string, status: number) {
    const shown = value.slice(0, 200);
    super(
      `The ${header} "${shown}" isn't allowed here. Add it to ` +
        `the server's "${OPTION[header]}" option.`,
    );
    this.#status = status;
  }

  /** The same for every error of this class. */
  get code(): "ACCESS" {
    return "ACCESS";
  }

  /** The HTTP status of the refusal: 403 for an origin, 421 for a host. */
  get status(): number {
    return this.#status;
  }
}

/** The server refuses a session because it has as many as it accepts. */
export class AdmissionError extends CodedError {
  readonly #limit: "maxSessions" | "maxSessionsPerAddress";

  /**
   * @param option the option that sets the number
   * @param allowed the number
   */
  constructor(option: "maxSessions" | "maxSessionsPerAddress", allowed: number) {
    super(
      `The server has ${allowed} ` +
        `sessions${option === "maxSessions" ? "" : " of this address"}, which is its ${option}.`,
    );
    this.#limit = option;
  }

  /** The same for every error of this class. */
  get code(): "ADMISSION" {
    return "ADMISSION";
  }

  /** The option that sets the number. */
  get limit(): "maxSessions" | "maxSessionsPerAddress" {
    return this.#limit;
  }

  /** The HTTP status of the refusal. */
  get status(): 503 {
    return 503;
  }
}
