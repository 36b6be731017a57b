import { bytes, duration, number } from "../../src/report/format.ts";
import { asMarkdown, type Table } from "../../src/report/table.ts";
import { type MemoryPoint, perSession } from "../driver/memory.ts";
import type { LoadReport, RunReport } from "./results.ts";

/** The busy share of a core that leaves room for bursts. */
const COMFORTABLE = 0.6;

/** The section of docs/load.md on capacity. */
export function capacitySection({ runs, memory }: LoadReport): string {
  const [idle, active] = (["idle", "active"] as const).map((state) => perSession(memory, state));
  const open = runs.filter(({ plan }) => plan.model.model === "open");
  return `## Capacity

Memory bounds the number of sessions, and processor time bounds the operations per second.

### Memory by sessions

${asMarkdown(memoryTable(memory))}

An idle session is connected and has made a call. It takes **${bytes(idle!)}** of heap and buffers. An
active session has a call under way, an open stream, and a function that the server holds. It takes
**${bytes(active!)}**. All figures were taken after garbage collections. Resident memory contains pages that V8
keeps in reserve, and the table of latencies shows its peaks under load.

The kernel's buffers for a connection come on top. So does the state of your main objects.

### Processor time by operation

${asMarkdown(processorTable(open))}

The processor time is that of the server's process, including garbage collection and the handling
of sockets. The last column is the rate at which one core is busy for ${COMFORTABLE * 100} % of the time. Queues
grow steeply beyond that, and with them the latencies of the slowest operations.

### Planning

1. Count the sessions that are connected at the busiest time, and multiply them by the memory of an
   active session. Add the memory of your main objects. Keep the sum below half of the heap limit
   (\`node --max-old-space-size\`), so that garbage collections stay short.
2. Multiply the operations per second at that time by their processor time, and add the time of your
   own methods. Divide by ${COMFORTABLE} for the number of cores. A process uses one core for JavaScript, so start as
   many processes.
3. Set \`maxSessions\` to the number of sessions that a process can have, and the file descriptors
   (\`ulimit -n\`) above that.
4. Measure again on your machine, with \`npm run load\`.`;
}

function memoryTable(points: readonly MemoryPoint[]): Table {
  return {
    columns: [
      "sessions",
      "heap, idle",
      "buffers, idle",
      "resident, idle",
      "heap, active",
      "buffers, active",
      "resident, active",
    ],
    rows: points.map(({ sessions, idle, active }) => [
      sessions.toLocaleString("en"),
      ...[idle, active].flatMap(({ heap, external, rss }) => [heap, external, rss].map(bytes)),
    ]),
  };
}

function processorTable(runs: readonly RunReport[]): Table {
  return {
    columns: ["scenario", "processor time of an operation", "per second and core"],
    rows: runs.map(({ plan: { scenario, seconds }, all, server }) => {
      const nanoseconds = (server.processorTime * 1e6) / (all.rate * seconds);
      return [scenario, duration(nanoseconds), number((COMFORTABLE * 1e9) / nanoseconds)];
    }),
  };
}
