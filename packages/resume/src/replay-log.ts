/**
 * The frames that were sent and may have to be sent again, in order. Frames are numbered from 0,
 * and counted from the start of the session.
 */
export class ReplayLog {
  #frames: unknown[] = [];
  #sizes: number[] = [];
  /** The place in the lists of the oldest frame that is kept. */
  #head = 0;
  /** The number of the oldest frame that is kept. */
  #first = 0;
  #bytes = 0;
  /** At least the size of the largest frame that is kept. */
  #largest = 0;
  #acknowledged = 0;

  /** The number of frames that were sent. */
  get sent(): number {
    return this.#first + this.#frames.length - this.#head;
  }

  /** The number of the oldest frame that is kept. Earlier ones can't be sent again. */
  get first(): number {
    return this.#first;
  }

  /** The number of frames that the peer has acknowledged. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** The size of all frames that are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The size of all frames that are kept, without the largest. */
  get bytesBesideLargest(): number {
    return this.#bytes - this.#largest;
  }

  add(frame: unknown, size: number): void {
    this.#frames.push(frame);
    this.#sizes.push(size);
    this.#bytes += size;
    if (size > this.#largest) this.#largest = size;
  }

  /** The frame with a number, which has to be kept still. */
  at(number: number): unknown {
    return this.#frames[this.#head + number - this.#first];
  }

  /** Notes that the peer has received the first `count` frames, and forgets them. */
  acknowledge(count: number): void {
    this.#acknowledged = count;
    while (this.#first < count) this.#drop();
    this.#tidy();
  }

  /** Forgets the oldest frame, although the peer hasn't acknowledged it. */
  forgetOldest(): void {
    this.#drop();
    this.#tidy();
  }

  /** Forgets everything. */
  clear(): void {
    this.#first = this.sent;
    this.#frames = [];
    this.#sizes = [];
    this.#head = 0;
    this.#bytes = 0;
    this.#largest = 0;
  }

  #drop(): void {
    this.#bytes -= this.#sizes[this.#head]!;
    this.#frames[this.#head] = undefined;
    this.#head++;
    this.#first++;
  }

  #tidy(): void {
    if (this.#head === this.#frames.length) this.clear();
    else if (this.#head > MOST_EMPTY && this.#head * 2 > this.#frames.length) {
      this.#frames = this.#frames.slice(this.#head);
      this.#sizes = this.#sizes.slice(this.#head);
      this.#head = 0;
    }
  }
}

/** Empty places at the beginning of the lists that aren't worth a copy. */
const MOST_EMPTY = 64;
