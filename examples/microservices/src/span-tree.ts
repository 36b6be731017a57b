import { SpanKind } from "@opentelemetry/api";

/** A span of one process, as data. */
export interface SpanRecord {
  readonly service: string;
  readonly name: string;
  readonly kind: SpanKind;
  /** In nanoseconds. */
  readonly start: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | undefined;
}

/**
 * The spans of a trace as lines, each below its parent and two columns to the right of it.
 *
 * @param spans those of one trace, of all processes
 */
export function treeOf(spans: readonly SpanRecord[]): string[] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const sorted = [...spans].sort((a, b) => a.start - b.start);
  const linesOf = (span: SpanRecord, depth: number): string[] => {
    const verb = span.kind === SpanKind.SERVER ? "serves" : "calls";
    const children = sorted.filter(({ parentId }) => parentId === span.spanId);
    return [
      `${"  ".repeat(depth)}${span.service} ${verb} ${span.name}`,
      ...children.flatMap((child) => linesOf(child, depth + 1)),
    ];
  };
  const roots = sorted.filter(({ parentId }) => parentId === undefined || !ids.has(parentId));
  return roots.flatMap((root) => linesOf(root, 0));
}
