import type { OperationKind } from "@capnweb/core";
import type { Attributes, Histogram, Meter } from "@opentelemetry/api";
import { clock } from "../publish/clock.ts";
import {
  DURATION_BOUNDARIES,
  ERROR_TYPE,
  METHOD,
  OPERATION,
  SYSTEM,
  SYSTEM_NAME,
} from "./attributes.ts";

/** The histogram of the durations of one side's operations. */
export class Durations {
  readonly #histogram: Histogram;
  readonly #attributes: Attributes;

  constructor(meter: Meter, side: "client" | "server", attributes: Attributes) {
    this.#histogram = meter.createHistogram(`rpc.${side}.call.duration`, {
      unit: "s",
      description: `Duration of RPCs, as the ${side} sees it`,
      advice: { explicitBucketBoundaries: DURATION_BOUNDARIES },
    });
    this.#attributes = { ...attributes, [SYSTEM_NAME]: SYSTEM };
  }

  /** @param errorType `undefined` if the operation has succeeded */
  record(
    startedAt: number,
    kind: OperationKind,
    method: string,
    errorType: string | undefined,
  ): void {
    const attributes: Attributes = { ...this.#attributes, [METHOD]: method };
    if (kind !== "call") attributes[OPERATION] = kind;
    if (errorType !== undefined) attributes[ERROR_TYPE] = errorType;
    this.#histogram.record((clock.now() - startedAt) / 1000, attributes);
  }
}
