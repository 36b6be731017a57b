// Runs clients in all runtimes, including a browser and a worker.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { chromiumOptions } from "../../scripts/chromium.mjs";
import { serveModule } from "./site.mjs";
import { startWorker } from "./workerd.mjs";

/** Milliseconds after which a client without output is given up. */
const TIMEOUT = 300_000;

export class Clients {
  #runtimes;
  #directory;
  #browser;
  #worker;

  constructor(runtimes, directory) {
    this.#runtimes = runtimes;
    this.#directory = directory;
  }

  /**
   * Runs a client module with an argument.
   *
   * @returns the client's output, or the failure
   */
  run(runtime, name, argument) {
    const module = join(this.#directory, `${name}.mjs`);
    if (runtime === "chromium") return this.#runInPage(module, argument);
    if (runtime === "workerd") return this.#runInWorker(name, argument);
    return this.#runInProcess(runtime, module, argument);
  }

  async #runInProcess(runtime, module, argument) {
    const file = this.#runtimes.place(runtime, module);
    const [program, ...args] = this.#runtimes.programOf(runtime);
    const child = spawn(program, [...args, file, argument], {
      stdio: ["ignore", "pipe", "pipe"],
      timeout: TIMEOUT,
    });
    let output = "";
    let errors = "";
    child.stdout.on("data", (data) => (output += data));
    child.stderr.on("data", (data) => (errors += data));
    await once(child, "close");
    return child.exitCode === 0 ? output.trim() : `${output} ${errors} (${child.exitCode})`;
  }

  async #runInWorker(name, argument) {
    this.#worker ??= await startWorker(this.#runtimes, this.#directory, "client-workerd");
    const query = new URLSearchParams({ argument });
    const signal = AbortSignal.timeout(TIMEOUT);
    const response = await fetch(`http://${this.#worker.address}/${name}?${query}`, { signal });
    return await response.text();
  }

  async #runInPage(module, argument) {
    this.#browser ??= await chromium.launch(chromiumOptions());
    const page = await this.#browser.newPage();
    const site = await serveModule(module);
    try {
      const printed = new Promise((resolve) => {
        page.on("console", (message) => message.type() === "log" && resolve(message.text()));
        page.on("pageerror", (error) => resolve(String(error.stack)));
        setTimeout(resolve, TIMEOUT, "timeout").unref();
      });
      await page.goto(`${site.url}/#${argument}`);
      return await printed;
    } finally {
      await page.close();
      site.stop();
    }
  }

  async close() {
    await this.#worker?.stop();
    await this.#browser?.close();
  }
}
