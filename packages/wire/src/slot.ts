/**
 * The place of a part in a container that only the container's methods can reach. A value assigned
 * to `value` goes there.
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
