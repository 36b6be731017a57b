import { aborted } from "../../../../testing/outcomes.ts";
import { type CallContext, currentCall, RpcTarget } from "../../src/index.ts";

export { aborted };

/** The content of a context as a plain object. */
export function described(context: CallContext) {
  const { deadline, metadata, traceparent, tracestate } = context;
  const left = deadline === undefined ? undefined : deadline - Date.now();
  return { left, metadata, traceparent, tracestate };
}

/** A main object with methods that look at their contexts. */
export class Application extends RpcTarget {
  /** The contexts of the calls of `hang`, in order. */
  readonly hanging: CallContext[] = [];
  #waiting: (() => void)[] = [];

  /**
   * Waits until `count` calls of `hang` have begun, and resolves with the context of the last one.
   */
  async begun(count = 1): Promise<CallContext> {
    while (this.hanging.length < count) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    return this.hanging[count - 1]!;
  }

  /** Never returns; throws when its signal aborts. */
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
