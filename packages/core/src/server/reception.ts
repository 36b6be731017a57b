import { Admission, type AdmissionOptions, type Leave } from "./admission.ts";
import { type Authorized, runAuthorize, UNASKED } from "./authorize.ts";
import { networkOf } from "./network.ts";
import { type Refusal, refusalFor } from "./refusal.ts";
import { RefusalLog } from "./refusal-log.ts";
import { serveSession } from "./serve-session.ts";
import type {
  Admitted,
  ReceivedSession,
  SessionHost,
  SessionHostOptions,
  SessionRequest,
} from "./session-host.ts";

const DEFAULT_AUTHORIZE_TIMEOUT = 10_000;
const DEFAULT_OPEN_TIMEOUT = 30_000;

/** Options of a {@link Reception}. */
export interface ReceptionOptions extends SessionHostOptions, AdmissionOptions {
  /**
   * Decides on a request. Returns an `Authorization`, or a promise of one. Default: all are
   * accepted.
   */
  authorize?: ((request: SessionRequest) => unknown) | undefined;
  /**
   * Milliseconds that `authorize` may take; the client is then refused with 503. Default 10,000.
   */
  authorizeTimeout?: number | undefined;
}

/** An accepted client, as its session and the application know it. */
export type Accepted = Extract<Authorized, { readonly status?: undefined }>;

/**
 * Takes requests from the admission to the session: counts them, asks the application about them,
 * and starts the sessions of those that it accepts. Each function that serves a medium has one.
 *
 * @example
 * ```ts
 * const reception = new Reception(({ context }) => new Api(context), { authorize });
 * const decision = await reception.admit(request, (leave) => socket.once("close", leave));
 * if (decision.status !== undefined) refuse(socket, decision);
 * else decision.serve(new MyTransport(socket), reception.options, () => socket.destroy());
 * ```
 */
export class Reception implements SessionHost {
  readonly options: ReceptionOptions;
  readonly #createMain: (received: ReceivedSession<any>) => unknown;
  readonly #admission: Admission;
  readonly #refusals: RefusalLog;
  #closed: Refusal | undefined;

  /** @param createMain makes the main object of a session, or a promise of it */
  constructor(
    createMain: (received: ReceivedSession<any>) => unknown,
    options: ReceptionOptions = {},
  ) {
    this.options = options;
    this.#createMain = createMain;
    this.#admission = new Admission(options);
    this.#refusals = new RefusalLog(options.onError);
  }

  /** The number of sessions, including those that are being opened. */
  get size(): number {
    return this.#admission.size;
  }

  /** Refuses all requests from now on, even those that `authorize` still decides on. */
  close(refusal: Refusal = { status: 503, reason: "The server is shutting down." }): void {
    this.#closed ??= refusal;
  }

  refuse(error: Error & { readonly status: number }): Refusal {
    this.#refusals.report(error);
    return refusalFor(error);
  }

  admit(
    request: SessionRequest,
    onOver: (leave: () => void) => void,
  ): Refusal | ReceivedClient | Promise<Refusal | ReceivedClient> {
    const admitted = this.readmit(request, UNASKED as Accepted, onOver);
    const { authorize } = this.options;
    return authorize && admitted.status === undefined ? this.#decide(request, authorize) : admitted;
  }

  /**
   * Admits a client that was accepted before, for example by this program before the memory of its
   * process was dropped. `authorize` doesn't run.
   *
   * @param accepted the facts that `authorize` gave
   * @param onOver as with {@link admit}
   */
  readmit(
    request: SessionRequest,
    accepted: Accepted,
    onOver: (leave: () => void) => void,
  ): Refusal | ReceivedClient {
    if (this.#closed) return this.#closed;
    try {
      onOver(this.#admission.enter(request.address));
    } catch (error) {
      return this.refuse(error as Error & { status: number });
    }
    return this.#accept(request, accepted, 0);
  }

  /**
   * Holds a place for a connection that was accepted before, and that isn't in use yet.
   *
   * @returns gives the place back; `undefined` if there is none
   */
  hold(address: string | undefined): Leave | undefined {
    try {
      return this.#admission.enter(address);
    } catch {
      return undefined;
    }
  }

  async #decide(
    request: SessionRequest,
    authorize: (request: SessionRequest) => unknown,
  ): Promise<Refusal | ReceivedClient> {
    const { authorizeTimeout = DEFAULT_AUTHORIZE_TIMEOUT, openTimeout, onError } = this.options;
    const timeout = Math.min(authorizeTimeout, openTimeout ?? DEFAULT_OPEN_TIMEOUT);
    const since = performance.now();
    const decision = await runAuthorize(() => authorize(request), timeout, onError);
    if (this.#closed) return this.#closed;
    if (decision.status !== undefined) return decision;
    return this.#accept(request, decision, performance.now() - since);
  }

  #accept(request: SessionRequest, accepted: Accepted, elapsed: number): ReceivedClient {
    const { openTimeout = DEFAULT_OPEN_TIMEOUT } = this.options;
    const mainTimeout = Math.max(Math.round(openTimeout - elapsed), 0);
    const { context } = accepted;
    const createMain = this.#createMain;
    return {
      accepted,
      serve(transport, options, close) {
        serveSession<any>(
          transport,
          (session) => createMain({ request, context, session }),
          {
            ...options,
            mainTimeout,
            network: networkOf(request.address),
            medium: request.medium,
          },
          (reason) => close("failed", reason),
        );
      },
      exchange(options) {
        // Sessions in general don't have this option, so passing it on needs a name.
        const own = { ...options, medium: request.medium };
        return own;
      },
      createMain: () => createMain({ request, context, session: undefined }),
    };
  }
}

/** A client that a {@link Reception} has admitted. */
export interface ReceivedClient extends Admitted {
  readonly accepted: Accepted;
}
