import type { OperationKind } from "@capnweb/core";
import {
  type Attributes,
  type Context,
  type Link,
  type Span,
  type SpanKind,
  SpanStatusCode,
  type Tracer,
} from "@opentelemetry/api";
import { OTHER } from "../names/method-names.ts";
import { ERROR_TYPE, METHOD, OPERATION, SYSTEM, SYSTEM_NAME } from "./attributes.ts";

/** Longer messages of errors are cut. */
const LONGEST_MESSAGE = 256;

/** Starts the span of an operation. */
export function startSpan(
  tracer: Tracer,
  kind: SpanKind,
  call: { readonly kind: OperationKind },
  method: string | undefined,
  attributes: Attributes,
  parent: Context,
  links?: Link[],
): Span {
  const own: Attributes = {
    ...attributes,
    [SYSTEM_NAME]: SYSTEM,
    [METHOD]: method ?? OTHER,
  };
  if (call.kind !== "call") own[OPERATION] = call.kind;
  const name = nameOf(call, method ?? OTHER);
  return tracer.startSpan(name, { kind, attributes: own, ...(links && { links }) }, parent);
}

/** Gives a span the name that is known once its operation is over. */
export function rename(span: Span, call: { readonly kind: OperationKind }, method: string): void {
  span.setAttribute(METHOD, method);
  span.updateName(nameOf(call, method));
}

/** Notes the error that an operation has failed with. */
export function fail(span: Span, error: unknown, type: string): void {
  span.setAttribute(ERROR_TYPE, type);
  span.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(error) });
}

function nameOf({ kind }: { readonly kind: OperationKind }, method: string): string {
  if (method !== OTHER) return method;
  return kind === "call" ? SYSTEM : `${SYSTEM} ${kind}`;
}

function messageOf(error: unknown): string {
  try {
    const { message } = error as { readonly message?: unknown };
    if (typeof message !== "string") return "";
    // A copy, because engines keep the whole of a text for each part of it, and spans wait for
    // their export.
    return JSON.parse(JSON.stringify(message.slice(0, LONGEST_MESSAGE)));
  } catch {
    return "";
  }
}
