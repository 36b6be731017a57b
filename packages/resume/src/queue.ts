/** Empty places at the beginning of the list that aren't worth a copy. */
const MOST_EMPTY = 64;

/** Frames in order. Taking one costs the same however many wait, unlike `Array.shift`. */
export class Queue {
  #frames: unknown[] = [];
  #head = 0;

  get length(): number {
    return this.#frames.length - this.#head;
  }

  /** The frame that is taken next. */
  get first(): unknown {
    return this.#frames[this.#head];
  }

  push(frame: unknown): void {
    this.#frames.push(frame);
  }

  /** Takes the first frame. */
  shift(): unknown {
    const frame = this.#frames[this.#head];
    this.#frames[this.#head++] = undefined;
    if (this.#head > MOST_EMPTY && this.#head * 2 > this.#frames.length) {
      this.#frames = this.#frames.slice(this.#head);
      this.#head = 0;
    }
    return frame;
  }
}
