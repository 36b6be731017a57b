import type { TransportReceiver } from "@capnweb/core";

/** A session that notes everything that its transport does. */
export class RecordingReceiver implements TransportReceiver {
  readonly frames: unknown[] = [];
  readonly closed: any[] = [];
  readonly ended: unknown[] = [];

  receive(message: unknown): void {
    this.frames.push(message);
  }

  end(reason: unknown): void {
    this.ended.push(reason);
  }

  close(reason: unknown): void {
    this.closed.push(reason);
  }
}
