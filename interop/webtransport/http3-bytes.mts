// Reads and writes the bytes of HTTP/3.

/** The bytes of a stream, in the pieces that a reader asks for. */
export class Input {
  #buffer = new Uint8Array(0);

  constructor(readonly reader: ReadableStreamDefaultReader<Uint8Array>) {}

  /**
   * Returns the next bytes, in any number.
   *
   * @returns undefined at the end
   */
  async chunk(): Promise<Uint8Array | undefined> {
    if (await this.isAtEnd()) return undefined;
    const chunk = this.#buffer;
    this.#buffer = new Uint8Array(0);
    return chunk;
  }

  async isAtEnd(): Promise<boolean> {
    while (this.#buffer.length === 0) {
      const { done, value } = await this.reader.read();
      if (done) return true;
      this.#buffer = value;
    }
    return false;
  }

  async varint(): Promise<number> {
    const first = await this.#byte();
    let value = first & 0x3f;
    for (let i = 1; i < 1 << (first >> 6); i++) value = value * 256 + (await this.#byte());
    return value;
  }

  async skip(count: number): Promise<void> {
    for (let i = 0; i < count; i++) await this.#byte();
  }

  async #byte(): Promise<number> {
    if (await this.isAtEnd()) throw new Error("The stream ended early.");
    const byte = this.#buffer[0];
    this.#buffer = this.#buffer.subarray(1);
    return byte;
  }
}

/** A frame (RFC 9114, 7.1). */
export function frame(type: number, payload: Uint8Array): Uint8Array {
  return bytes(type, payload.length, payload);
}

/** Numbers as variable-length integers (RFC 9000, 16), and bytes unchanged, in order. */
export function bytes(...parts: (number | Uint8Array)[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => (typeof part === "number" ? varint(part) : [...part])),
  );
}

function varint(value: number): number[] {
  if (value < 0x40) return [value];
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(value) | (3n << 62n));
  return [...new Uint8Array(view.buffer)];
}
