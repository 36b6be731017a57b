const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Adds globals that Hermes 0.12 lacks, and that bytes need. */
export function addPolyfills(): void {
  Object.assign(globalThis, { atob, btoa });
}

function btoa(binary: string): string {
  let text = "";
  for (let at = 0; at < binary.length; at += 3) {
    const [a, b, c] = [0, 1, 2].map((n) => binary.charCodeAt(at + n) || 0) as [
      number,
      number,
      number,
    ];
    const bits = (a << 16) | (b << 8) | c;
    for (const shift of [18, 12, 6, 0]) text += ALPHABET[(bits >> shift) & 63];
  }
  const padding = (3 - (binary.length % 3)) % 3;
  return text.slice(0, text.length - padding) + "=".repeat(padding);
}

function atob(text: string): string {
  let binary = "";
  let bits = 0;
  let count = 0;
  for (const character of text.replace(/=+$/, "")) {
    bits = (bits << 6) | ALPHABET.indexOf(character);
    count += 6;
    if (count >= 8) {
      count -= 8;
      binary += String.fromCharCode((bits >> count) & 255);
      bits &= (1 << count) - 1;
    }
  }
  return binary;
}
