/** A queue that drops its oldest items once it has too many. */
export class Ring<T> {
  readonly #most: number;
  #items: (T | undefined)[] = [];
  #first = 0;
  /** The number of items that were ever pushed. */
  #end = 0;
  /** The number of items that were dropped. */
  #start = 0;

  /** @param most the number of items that are kept */
  constructor(most: number) {
    this.#most = most;
  }

  get length(): number {
    return this.#end - this.#start;
  }

  /** The number of the oldest item, counted from the first that was ever pushed. */
  get start(): number {
    return this.#start;
  }

  /** The number that the next item gets. */
  get end(): number {
    return this.#end;
  }

  /** @returns the item that had to go */
  push(item: T): T | undefined {
    const dropped = this.length >= this.#most ? this.shift() : undefined;
    this.#items.push(item);
    this.#end++;
    return dropped;
  }

  /** Drops the oldest item. */
  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const item = this.#items[this.#first];
    this.#items[this.#first++] = undefined;
    this.#start++;
    if (2 * this.#first > this.#items.length && this.#first > 64) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
    return item;
  }

  /** The item with a number, if it wasn't dropped. */
  get(number: number): T | undefined {
    return number < this.#start ? undefined : this.#items[this.#first + number - this.#start];
  }

  /** The items from the oldest on. */
  *[Symbol.iterator](): Iterator<T> {
    for (let i = this.#start; i < this.#end; i++) yield this.get(i) as T;
  }

  clear(): void {
    this.#items = [];
    this.#first = 0;
    this.#start = this.#end;
  }
}
