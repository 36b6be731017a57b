// Serves ports as badly as the environment says, with just enough of the protocol for the victim.
import type { MessagePort } from "node:worker_threads";

const mode = process.env["FAKE_PORTS"];

export default function serve(port: MessagePort): void {
  port.on("message", (message) => {
    if (!Array.isArray(message)) {
      port.close();
      return;
    }
    const [tag, id] = message;
    const isRemap = Array.isArray(id) && id[0] === "remap";
    if (isRemap && mode === "exiting") process.exit(3);
    if (isRemap && mode === "dying") process.kill(process.pid, "SIGKILL");
    if (isRemap && mode === "blocking") for (;;);
    if (tag === "pull") port.postMessage(["resolve", id, 1]);
  });
}
