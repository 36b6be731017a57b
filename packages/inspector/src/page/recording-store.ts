import {
  type Entry,
  formatEntry,
  formatHeader,
  InspectorModel,
  parseRecording,
  type Snapshot,
} from "../model/index.ts";
import { EntryRing } from "../recording/entry-ring.ts";
import { unpack } from "../recording/pack.ts";
import type { Batch } from "../server/feed.ts";

/** Entries that the page keeps, to save them, and their UTF-16 code units and bytes. */
const MOST_ENTRIES = 200_000;
const MOST_BYTES = 128 * 1024 * 1024;
/** Entries that a paused page takes. The server keeps later ones, as long as it can. */
const MOST_WAITING = 20_000;
/** Milliseconds between two drawings of the page while entries arrive. */
const REDRAW = 120;

/** The state of sessions behind entries that the page misses. */
interface State {
  readonly snapshot: Snapshot;
  readonly dropped: number;
  readonly skipped: number;
}

/** The recording that the page shows. */
export class RecordingStore {
  model = new InspectorModel();
  entries = new EntryRing(MOST_ENTRIES, MOST_BYTES);
  /** Entries that the server dropped before the page got them. */
  dropped = 0;
  /** Entries that the page missed since, because the server was busy or the page was slow. */
  skipped = 0;
  title = "";
  isPaused = false;
  /** The time of the last entry: the present of a recorded file. */
  lastAt = 0;
  readonly #listeners = new Set<() => void>();
  #waiting: Entry[] = [];
  #state: string[] = [];
  /** A state behind which a paused page goes on. */
  #next: State | undefined;
  /** Has the server go on. */
  #resumed: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Calls `listener` when there is something new to draw. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /**
   * Takes a batch of the server.
   *
   * @returns a promise that the next batch waits for, if the page is paused and has many entries
   */
  take({ state, hasMore, packed, dropped, skipped = 0 }: Batch): Promise<void> | undefined {
    if (state !== undefined) {
      this.#state.push(state);
      if (hasMore) return undefined;
      const snapshot = JSON.parse(this.#state.join("")) as Snapshot;
      this.#state = [];
      // A paused page keeps its calls. Those that wait come before the state.
      this.#waiting = [];
      const earlier = this.#next?.skipped ?? 0;
      this.#next = { snapshot, dropped, skipped: earlier + skipped };
      if (!this.isPaused) this.#goOn();
    }
    if (packed) this.add(unpack(packed));
    this.changed();
    if (this.#waiting.length < MOST_WAITING) return undefined;
    return new Promise((resolve) => {
      this.#resumed = resolve;
    });
  }

  /** Goes on from a state. */
  #goOn(): void {
    if (!this.#next) return;
    const { snapshot, dropped, skipped } = this.#next;
    this.#next = undefined;
    this.model = InspectorModel.from(snapshot);
    this.entries = new EntryRing(MOST_ENTRIES, MOST_BYTES);
    this.dropped = dropped;
    // A new connection begins with a state, and skips nothing.
    this.skipped = skipped === 0 ? 0 : this.skipped + skipped;
  }

  add(entries: readonly Entry[]): void {
    if (this.isPaused) {
      for (const entry of entries) this.#waiting.push(entry);
      return;
    }
    for (const entry of entries) {
      this.model.add(entry);
      this.entries.add(entry);
      while (this.entries.isOver) this.entries.shift();
      this.lastAt = entry.at;
    }
  }

  /** Entries that wait because the page is paused. */
  get waiting(): number {
    return this.#waiting.length;
  }

  pause(isPaused: boolean): void {
    this.isPaused = isPaused;
    if (!isPaused) {
      this.#goOn();
      this.add(this.#waiting.splice(0));
      this.#resumed?.();
    }
    this.changed();
  }

  /** Forgets the history. Sessions, open calls and capabilities stay. */
  clear(): void {
    this.skipped = 0;
    this.model = InspectorModel.from(JSON.parse(JSON.stringify(this.model.snapshot())));
    this.entries = new EntryRing(MOST_ENTRIES, MOST_BYTES);
    this.changed();
  }

  /** Shows a recorded file in place of everything. */
  open(text: string): void {
    const { entries, title } = parseRecording(text);
    this.model = new InspectorModel();
    this.entries = new EntryRing(MOST_ENTRIES, MOST_BYTES);
    this.dropped = 0;
    this.skipped = 0;
    this.title = title;
    this.isPaused = false;
    this.#next = undefined;
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
