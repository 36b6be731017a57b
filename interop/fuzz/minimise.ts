import { type Fault, type Sequence, signature } from "./sequence.ts";

/**
 * Leaves out steps as long as a sequence still has the same fault.
 *
 * @param seconds after which it is as short as it is
 * @returns the shorter sequence, or `undefined` if the fault doesn't come again
 */
export async function minimise(
  sequence: Sequence,
  fault: Fault,
  run: (sequence: Sequence) => Promise<readonly Fault[]>,
  seconds: number,
): Promise<Sequence | undefined> {
  const end = Date.now() + seconds * 1_000;
  const wanted = essence(fault);
  const fails = async (candidate: Sequence) =>
    (await run(candidate)).some((each) => essence(each) === wanted);
  if (!(await fails(sequence))) return undefined;
  let { steps } = sequence;
  for (let size = Math.ceil(steps.length / 2); size > 0; size = Math.floor(size / 2)) {
    for (let at = 0; at < steps.length && Date.now() < end; ) {
      const shorter = [...steps.slice(0, at), ...steps.slice(at + size)];
      if (await fails({ ...sequence, steps: shorter })) steps = shorter;
      else at += size;
    }
  }
  return { ...sequence, steps };
}

/** Hangs, slowness and lack of memory may stand for each other. */
function essence(fault: Fault): string {
  const isExhausted = /^(a hang|slow|the process ends)$/.test(fault.kind);
  return isExhausted ? "exhaustion" : signature(fault);
}
