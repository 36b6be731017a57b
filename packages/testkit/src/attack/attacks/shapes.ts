import { list, push, range, result } from "../messages.ts";

/** The expression of maps over result 1, each in the one before it. */
export function mapsInMaps(depth: number): string {
  const open = '["remap",-1,[],[["import",-1]],[';
  return `["remap",1,[],[["import",1]],[${open.repeat(depth)}0${"]],0".repeat(depth)}]]`;
}

/** Pushes of which each names the result before it twice. */
export function doubled(levels: number): string[] {
  return [push(list("0", "0")), ...range(1, levels, (i) => push(list(result(i), result(i))))];
}
