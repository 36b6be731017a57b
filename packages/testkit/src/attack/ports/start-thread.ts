import { Worker, type WorkerOptions } from "node:worker_threads";

/**
 * Starts a module in a thread of this process.
 *
 * @param url the module's URL, with the extension of the calling module, as in `Spawn`
 * @param megabytes the limit of its heap
 */
export function startThread(url: URL, megabytes: number, options: WorkerOptions = {}): Worker {
  const all = { ...options, resourceLimits: { maxOldGenerationSizeMb: megabytes } };
  if (!url.pathname.endsWith(".ts")) return new Worker(url, all);
  // In some versions of Node, a thread doesn't inherit its process's loader.
  const loader = import.meta.resolve("tsx/esm/api");
  const code = `import(${JSON.stringify(loader)}).then(({ register }) => {
    register();
    return import(${JSON.stringify(url.href)});
  });`;
  return new Worker(code, { ...all, eval: true });
}
