/** Gives each object a number. */
export class Identities {
  readonly #numbers = new WeakMap<object, number>();
  #last = 0;

  /** The number of an object; 0 for anything else. */
  of(value: unknown): number {
    if (typeof value !== "function" && (typeof value !== "object" || value === null)) return 0;
    let number = this.#numbers.get(value);
    if (number === undefined) {
      number = ++this.#last;
      this.#numbers.set(value, number);
    }
    return number;
  }
}
