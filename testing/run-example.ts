import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

/** Milliseconds after which an example counts as one that hangs. Less than the limit of tests. */
const LONGEST = 150_000;
const isWindows = process.platform === "win32";

/**
 * Runs the command of an example, `npm start` in its folder, to its end.
 *
 * @param test the `import.meta.url` of a file in the example's folder of tests
 * @returns the lines that it printed
 * @throws Error with everything that it printed, if it fails or hangs
 */
export async function runExample(test: string): Promise<string[]> {
  const child = spawn("npm", ["start", "--silent"], {
    cwd: fileURLToPath(new URL("..", test)),
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, so that all of its processes can be ended together.
    detached: !isWindows,
    // On Windows, npm is a script.
    shell: isWindows,
  });
  const hang = setTimeout(() => {
    if (isWindows) child.kill();
    else process.kill(-child.pid!, "SIGKILL");
  }, LONGEST);
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  clearTimeout(hang);
  if (code !== 0) throw new Error(`The example ended with ${code}:\n${output}\n${errors}`);
  return output.trimEnd().split("\n");
}
