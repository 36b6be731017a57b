import { type CallContext, currentCall, RpcTarget } from "../../src/index.ts";

/** Resolves with the reason once a signal aborts. */
export function aborted(signal: AbortSignal): Promise<any> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(signal.reason);
    else signal.addEventListener("abort", () => resolve(signal.reason), { once: true });
  });
}

/** The content of a context, as a plain value. */
export function described(context: CallContext) {
  const { deadline, metadata, traceparent, tracestate } = context;
  const left = deadline === undefined ? undefined : deadline - Date.now();
  return { left, metadata, traceparent, tracestate };
}

/** A main object whose methods look at their contexts. */
export class Application extends RpcTarget {
  /** The contexts of the calls of `hang`, in their order. */
  readonly hanging: CallContext[] = [];
  #waiting: (() => void)[] = [];

  /** Resolves once so many calls of `hang` have begun. */
  async begun(count = 1): Promise<CallContext> {
    while (this.hanging.length < count) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    return this.hanging[count - 1]!;
  }

  /** Ends when its signal aborts, and never otherwise. */
  async hang() {
    const context = currentCall();
    this.hanging.push(context);
    for (const resolve of this.#waiting.splice(0)) resolve();
    throw await aborted(context.signal);
  }

  context() {
    return described(currentCall());
  }

  echo(value: unknown) {
    return value;
  }

  users() {
    return [{ name: "Ada" }, { name: "Grace" }];
  }

  self() {
    return this;
  }

  get child() {
    return new Application();
  }
}
