import type { Implementation } from "../implementation.ts";
import { odd } from "./odd.ts";

/**
 * The main object of the attack contract. It allows more attacks than an object without methods.
 * docs/attacks.md describes each method.
 *
 * @example
 * ```ts
 * import * as core from "@capnweb/core";
 * attachWebSocketRpc(server, () => createAttackTarget(core));
 * ```
 */
export function createAttackTarget({ RpcTarget }: Pick<Implementation, "RpcTarget">): any {
  class AttackTarget extends RpcTarget {
    echo(value: unknown): unknown {
      return value;
    }

    async later(value: unknown): Promise<unknown> {
      return value;
    }

    async wrap(value: unknown, _callback: unknown): Promise<unknown> {
      return { x: value };
    }

    text(length: number): string {
      return "x".repeat(length);
    }

    async size(blob: Blob): Promise<number> {
      return blob.size;
    }

    sink(_value: unknown): number {
      return 1;
    }

    hang(): Promise<never> {
      return new Promise(() => {});
    }

    stream(count: number): ReadableStream {
      let i = 0;
      return new ReadableStream({
        pull(controller) {
          if (i >= count) controller.close();
          else controller.enqueue(i++);
        },
      });
    }

    odd(kind: string, _callback: unknown): Promise<unknown> {
      return odd(kind);
    }
  }
  return new AttackTarget();
}
