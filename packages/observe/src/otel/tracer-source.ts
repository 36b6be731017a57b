import { type Tracer, type TracerProvider, trace } from "@opentelemetry/api";

/** The name under which this package asks for tracers and meters. */
export const LIBRARY = "@capnweb/observe";

/** A global provider, which stands for the one that the program registers. */
interface Proxy extends TracerProvider {
  getDelegate?(): TracerProvider;
}

/**
 * The tracer of the program. A provider may be registered later, or replaced, but asking it for the
 * tracer each time takes 2 % of a traced call.
 */
export class TracerSource {
  readonly #given: Tracer | undefined;
  #provider: TracerProvider | undefined;
  #tracer: Tracer | undefined;

  /** @param given used in place of that of the global provider */
  constructor(given: Tracer | undefined) {
    this.#given = given;
  }

  get current(): Tracer {
    if (this.#given) return this.#given;
    const global: Proxy = trace.getTracerProvider();
    const provider = global.getDelegate?.() ?? global;
    if (!this.#tracer || provider !== this.#provider) {
      this.#provider = provider;
      this.#tracer = provider.getTracer(LIBRARY);
    }
    return this.#tracer;
  }
}
