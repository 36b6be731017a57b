import { arch, cpus, release, totalmem, type } from "node:os";

/** The machine of a run. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  /** Memory in GiB. */
  readonly memory: number;
  readonly system: string;
}

export function thisMachine(): Machine {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    memory: Math.round(totalmem() / 1024 ** 3),
    system: `${type()} ${release().split("-")[0]} ${arch()}`,
  };
}

/** A machine in a few words. */
export function machineLine({ processor, cores, system }: Machine): string {
  return `${processor}, ${cores} cores, ${system}`;
}
