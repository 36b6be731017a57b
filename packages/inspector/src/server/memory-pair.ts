import type { Transport, TransportReceiver } from "@capnweb/core";

/** Makes two transports in this process, each of which hands its messages to the other. */
export function memoryPair(): readonly [Transport, Transport] {
  const receivers: (TransportReceiver | undefined)[] = [undefined, undefined];
  const waiting: ((to: TransportReceiver) => void)[][] = [[], []];
  const hand = (to: 0 | 1, event: (receiver: TransportReceiver) => void) => {
    queueMicrotask(() => {
      const receiver = receivers[to];
      if (receiver) event(receiver);
      else waiting[to]!.push(event);
    });
  };
  const end = (own: 0 | 1): Transport => {
    const other = own === 0 ? 1 : 0;
    return {
      start(receiver) {
        receivers[own] = receiver;
        for (const event of waiting[own]!.splice(0)) event(receiver);
      },
      send: (message) => hand(other, (receiver) => receiver.receive(message)),
      abort: (reason) => hand(other, (receiver) => receiver.close(reason)),
    };
  };
  return [end(0), end(1)];
}
