const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** Bytes for people: three digits and a unit. */
export function sizeOf(bytes: number): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), UNITS.length - 1);
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value : value.toPrecision(3)} ${UNITS[power]}`;
}

export function dateOf(date: Date): string {
  return date.toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
}
