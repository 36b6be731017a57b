import { Worker, type WorkerOptions } from "node:worker_threads";

/**
 * Starts a module in a thread of this process.
 *
 * @param url with the extension of the module that asks, as in `Spawn`
 * @param megabytes the most that its heap may grow to
 */
export function startThread(url: URL, megabytes: number, options: WorkerOptions = {}): Worker {
  const all = { ...options, resourceLimits: { maxOldGenerationSizeMb: megabytes } };
  if (!url.pathname.endsWith(".ts")) return new Worker(url, all);
  // A thread doesn't inherit the loader of its process in every version of Node.
  const loader = import.meta.resolve("tsx/esm/api");
  const code = `import(${JSON.stringify(loader)}).then(({ register }) => {
    register();
    return import(${JSON.stringify(url.href)});
  });`;
  return new Worker(code, { ...all, eval: true });
}
