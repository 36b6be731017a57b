import { computed, ref, shallowReactive, shallowRef } from "vue";
import type { Level } from "./end-events.ts";
import { type Program, SIDES, type Side } from "./program.ts";
import type { Run } from "./run.ts";
import type { ShownMessage, Traffic } from "./traffic.ts";

/** A line of the console of an end. */
export interface Line {
  readonly level: Level;
  readonly text: string;
}

/** Milliseconds between two drawings of the output. */
const REDRAW = 50;

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

  /** Output that isn't drawn yet. Drawing each part of it by itself takes too long. */
  const waiting = { messages: [] as ShownMessage[], server: [] as Line[], client: [] as Line[] };
  let timer: ReturnType<typeof setTimeout> | undefined;

  function draw(): void {
    clearTimeout(timer);
    timer = undefined;
    messages.value = [...messages.value, ...waiting.messages.splice(0)];
    for (const side of SIDES) lines[side] = [...lines[side], ...waiting[side].splice(0)];
  }

  function drawSoon(): void {
    timer ??= setTimeout(draw, REDRAW);
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
        line(side, level, text) {
          waiting[side].push({ level, text });
          drawSoon();
        },
        message(message) {
          waiting.messages.push(message);
          drawSoon();
        },
        over(reason) {
          if (run.value !== started) return;
          draw();
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
