/**
 * Collects the errors that reach the process or the console, until `stop()`, which returns them.
 */
export function heardErrors(): { stop(): string[] } {
  const heard: string[] = [];
  const text = (error: any) => `${error?.name}: ${error?.message ?? error}`;
  const unhandled = (error: unknown) => heard.push(`unhandled ${text(error)}`);
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", unhandled);
  const { error, warn } = console;
  const say = (...args: unknown[]) => {
    const said = args.map(String).join(" ");
    // Node's own remark about an error noted above.
    if (!said.includes("PromiseRejectionHandledWarning")) heard.push(`console ${said}`);
  };
  Object.assign(console, { error: say, warn: say });
  return {
    stop() {
      process.off("unhandledRejection", unhandled);
      for (const each of others) process.on("unhandledRejection", each);
      Object.assign(console, { error, warn });
      return heard;
    },
  };
}
