import type { ByteStreams } from "../../src/index.ts";

/** Two connected pairs of byte streams in memory. */
export function pairOfStreams() {
  const up = cuttable();
  const down = cuttable();
  const near: ByteStreams = { readable: down.readable, writable: up.writable };
  const far: ByteStreams = { readable: up.readable, writable: down.writable };
  return {
    near,
    far,
    /** Breaks both, as a network failure does. */
    cut() {
      up.cut();
      down.cut();
    },
  };
}

function cuttable() {
  let controller!: TransformStreamDefaultController<Uint8Array>;
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>({
    start(each) {
      controller = each;
    },
  });
  return { readable, writable, cut: () => controller.error(new Error("The cable was pulled.")) };
}
