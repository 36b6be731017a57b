import {
  type Entry,
  formatEntry,
  formatHeader,
  InspectorModel,
  parseRecording,
  Ring,
  type Snapshot,
} from "../model/index.ts";
import { unpack } from "../recording/pack.ts";
import type { Batch } from "../server/feed.ts";

/** Entries that the page keeps, to save them. */
const MOST_ENTRIES = 200_000;
/** Milliseconds between two drawings of the page while entries arrive. */
const REDRAW = 120;

/** The recording that the page shows. */
export class RecordingStore {
  model = new InspectorModel();
  entries = new Ring<Entry>(MOST_ENTRIES);
  /** Entries that the server dropped before the page got them. */
  dropped = 0;
  title = "";
  isPaused = false;
  /** The time of the last entry: the present of a recorded file. */
  lastAt = 0;
  readonly #listeners = new Set<() => void>();
  #waiting: Entry[] = [];
  #state: string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Calls `listener` when there is something new to draw. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Takes a batch of the server. */
  take({ state, hasMore, packed, dropped }: Batch): void {
    if (state !== undefined) {
      this.#state.push(state);
      if (hasMore) return;
      const snapshot = JSON.parse(this.#state.join("")) as Snapshot;
      this.#state = [];
      this.model = InspectorModel.from(snapshot);
      this.entries = new Ring(MOST_ENTRIES);
      this.dropped = dropped;
    }
    if (packed) this.add(unpack(packed));
    this.changed();
  }

  add(entries: readonly Entry[]): void {
    if (this.isPaused) {
      this.#waiting.push(...entries);
      return;
    }
    for (const entry of entries) {
      this.model.add(entry);
      this.entries.push(entry);
      this.lastAt = entry.at;
    }
  }

  /** Entries that wait because the page is paused. */
  get waiting(): number {
    return this.#waiting.length;
  }

  pause(isPaused: boolean): void {
    this.isPaused = isPaused;
    if (!isPaused) this.add(this.#waiting.splice(0));
    this.changed();
  }

  /** Forgets the history. Sessions, open calls and capabilities stay. */
  clear(): void {
    this.model = InspectorModel.from(JSON.parse(JSON.stringify(this.model.snapshot())));
    this.entries.clear();
    this.changed();
  }

  /** Shows a recorded file in place of everything. */
  open(text: string): void {
    const { entries, title } = parseRecording(text);
    this.model = new InspectorModel();
    this.entries = new Ring(MOST_ENTRIES);
    this.dropped = 0;
    this.title = title;
    this.isPaused = false;
    this.#waiting = [];
    this.add(entries);
    this.changed();
  }

  /** The recording, as the text of a file. */
  save(): string {
    return [formatHeader(this.title), ...[...this.entries].map(formatEntry), ""].join("\n");
  }

  changed(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      for (const listener of this.#listeners) listener();
    }, REDRAW);
  }
}
