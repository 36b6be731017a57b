import { RpcTarget } from "../../src/index.ts";

/** Hands out targets, and remembers which of them were disposed of. */
export class Resources {
  readonly disposed: string[] = [];

  make(name: string) {
    const { disposed } = this;
    return new (class Resource extends RpcTarget {
      get name() {
        return name;
      }
      use() {
        return `used ${name}`;
      }
      [Symbol.dispose]() {
        disposed.push(name);
      }
    })();
  }
}
