import { type Meter, scan, UNITS_AT_ONCE, visit } from "../values/meter.ts";
import { textBytes } from "../values/sizes.ts";

/** A text that is put together of pieces. */
export class JoinedText {
  readonly #meter: Meter;
  readonly #pieces: string[] = [];
  #units = 0;
  #text = "";

  /** @param length the code units of the result: counted before it is made, as it may be huge */
  constructor(meter: Meter, length: number) {
    meter.make(textBytes(length));
    this.#meter = meter;
  }

  /** Adds pieces. Returns true if work must yield now. */
  add(...pieces: readonly string[]): boolean {
    for (const each of pieces) {
      this.#pieces.push(each);
      this.#units += each.length;
    }
    if (this.#pieces.length < PIECES_AT_ONCE && this.#units < UNITS_AT_ONCE) return false;
    this.#join();
    return this.#meter.isDue;
  }

  /** Adds the last piece. Returns the text. */
  end(piece = ""): string {
    this.add(piece);
    this.#join();
    return this.#text;
  }

  #join(): void {
    scan(this.#meter, this.#units);
    visit(this.#meter, this.#pieces.length);
    this.#text += this.#pieces.join("");
    this.#pieces.length = 0;
    this.#units = 0;
  }
}

/** Pieces of a text that are joined at once. */
const PIECES_AT_ONCE = 512;
