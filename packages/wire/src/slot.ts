/**
 * The place of a part in a container that only its own methods can reach: what is assigned to
 * `value` goes there.
 */
export class Slot {
  readonly #place: (value: unknown) => void;

  constructor(place: (value: unknown) => void) {
    this.#place = place;
  }

  set value(value: unknown) {
    this.#place(value);
  }
}
