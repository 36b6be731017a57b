import { list, push, range, result } from "../messages.ts";

/** An expression of nested maps over result 1. */
export function mapsInMaps(depth: number): string {
  const open = '["remap",-1,[],[["import",-1]],[';
  return `["remap",1,[],[["import",1]],[${open.repeat(depth)}0${"]],0".repeat(depth)}]]`;
}

/** Pushes that each name the previous result twice. */
export function doubled(levels: number): string[] {
  return [push(list("0", "0")), ...range(1, levels, (i) => push(list(result(i), result(i))))];
}
