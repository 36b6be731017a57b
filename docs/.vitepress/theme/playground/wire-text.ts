/**
 * The text of a message as a WebSocket would carry it. Ports carry structured clones, in which
 * dates, numbers of any size and bytes stay as they are.
 */
export function wireText(message: unknown): string {
  return JSON.stringify(message, function (this: any, key: string, text: unknown) {
    const value: unknown = this[key];
    if (value === undefined && Array.isArray(this)) return ["undefined"];
    if (typeof value === "bigint") return ["bigint", `${value}`];
    if (value instanceof Date) return ["date", value.getTime()];
    // It stands in ["bytes", …] already.
    if (value instanceof Uint8Array) return toBase64(value);
    if (value === Number.POSITIVE_INFINITY) return ["inf"];
    if (value === Number.NEGATIVE_INFINITY) return ["-inf"];
    return Number.isNaN(value) ? ["nan"] : text;
  });
}

function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replace(/=+$/, "");
}
