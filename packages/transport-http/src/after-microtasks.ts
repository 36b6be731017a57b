/**
 * Runs `callback` once the microtask queue has drained, without the millisecond or more that timers
 * take.
 */
export function afterMicrotasks(callback: () => void): void {
  const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => unknown };
  if (setImmediate !== undefined) {
    setImmediate(callback);
  } else if (typeof MessageChannel === "function" && !isWorkerd()) {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      callback();
    };
    port2.postMessage(null);
  } else {
    setTimeout(callback, 0);
  }
}

/** Where a port's messages arrive while microtasks are left, and timers have no least delay. */
function isWorkerd(): boolean {
  return globalThis.navigator?.userAgent === "Cloudflare-Workers";
}
