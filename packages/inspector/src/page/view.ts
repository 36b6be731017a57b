import type { ComponentChildren } from "preact";
import type { InspectorModel } from "../model/index.ts";
import type { Connection } from "./connection.ts";
import type { RecordingStore } from "./recording-store.ts";

export type ViewName =
  | "calls"
  | "pipeline"
  | "capabilities"
  | "messages"
  | "methods"
  | "errors"
  | "call";

/** The surroundings of a view. */
export interface ViewProps {
  readonly store: RecordingStore;
  readonly model: InspectorModel;
  readonly connection: Connection;
  /** The session that is shown; `undefined` for all. */
  readonly session: number | undefined;
  readonly filter: string;
  /** Milliseconds since 1970: the present, or the end of a recorded file. */
  readonly now: number;
  readonly selected: number | string | undefined;
  readonly select: (key: number | string | undefined) => void;
  /** Shows another view, with something selected in it. */
  readonly go: (view: ViewName, key: number | string) => void;
}

/** A view of the page. */
export type View = (props: ViewProps) => ComponentChildren;

/** True if one of the texts contains the filter. */
export function matches(filter: string, ...texts: readonly (string | undefined)[]): boolean {
  return filter === "" || texts.some((text) => text?.toLowerCase().includes(filter));
}
