import { computed, ref, shallowReactive, shallowRef } from "vue";
import type { Level } from "./end-events.ts";
import type { Program, Side } from "./program.ts";
import type { Run } from "./run.ts";
import type { ShownMessage, Traffic } from "./traffic.ts";

/** A line of the console of an end. */
export interface Line {
  readonly level: Level;
  readonly text: string;
}

const NONE: Readonly<Record<Side, number>> = { client: 0, server: 0 };

/** The run that the page shows, and its output. */
export function useRun() {
  const lines = shallowReactive<Record<Side, Line[]>>({ server: [], client: [] });
  const messages = shallowRef<ShownMessage[]>([]);
  const traffic = shallowRef<Traffic>();
  const status = ref("");
  const run = shallowRef<Run>();
  const isRunning = computed(() => run.value !== undefined);
  /** Counted again with each message. */
  const roundTrips = computed(() =>
    messages.value.length > 0 && traffic.value ? traffic.value.roundTrips : NONE,
  );

  function addLine(side: Side, level: Level, text: string): void {
    lines[side] = [...lines[side], { level, text }];
  }

  async function start(program: Program): Promise<void> {
    stop();
    lines.server = [];
    lines.client = [];
    messages.value = [];
    traffic.value = undefined;
    status.value = "Running …";
    // The compiler and the runtime are large, and most readers come for the text.
    const [{ compileProgram }, { Run }] = await Promise.all([
      import("./compile.ts"),
      import("./run.ts"),
    ]);
    try {
      const started: Run = new Run(compileProgram(program), {
        line: addLine,
        message(message) {
          messages.value = [...messages.value, message];
        },
        over(reason) {
          if (run.value !== started) return;
          run.value = undefined;
          status.value = `${reason}.`;
        },
      });
      run.value = started;
      traffic.value = started.traffic;
    } catch (error) {
      status.value = `The code can't be read. ${(error as Error).message}`;
    }
  }

  function stop(): void {
    run.value?.stop();
  }

  return { lines, messages, traffic, status, isRunning, roundTrips, start, stop };
}
