/**
 * Runs `callback` once the microtask queue has drained. A timer would take a millisecond or more.
 */
export function afterMicrotasks(callback: () => void): void {
  const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => unknown };
  if (setImmediate) {
    setImmediate(callback);
  } else if ("document" in globalThis) {
    // Chosen by runtime, not by the presence of MessageChannel: in workerd, its messages arrive
    // between microtasks.
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
