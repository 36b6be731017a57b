import { describeValue } from "./describe-value.ts";
import type { World } from "./world.ts";

/** The server's main object. Each method is one way for a value to arrive or to be returned. */
export function createServerMain(world: World): object {
  const { rpc } = world;
  return new (class Main extends rpc.RpcTarget {
    give() {
      return world.give();
    }
    async giveLater() {
      await Promise.resolve();
      return world.give();
    }
    giveIn() {
      return { in: { a: world.give() } };
    }
    giveList() {
      return [world.give(), world.give()];
    }
    givePromise() {
      return new rpc.RpcPromise(Promise.resolve(world.give()));
    }
    giveStream() {
      return new ReadableStream({
        start: (controller) => {
          controller.enqueue(world.give());
          controller.close();
        },
      });
    }
    get given() {
      return world.give();
    }
    get holder() {
      return { in: { a: world.give() } };
    }
    async take(value: any) {
      await world.take(value);
      return "taken";
    }
    takeWithoutWaiting(value: any) {
      void world.take(value);
      return "taken";
    }
    async takeIn(holder: any) {
      await world.take(holder.in.a);
      return "taken";
    }
    async takeSecond(_first: unknown, second: any) {
      await world.take(second);
      return "taken";
    }
    async takeChunks(stream: ReadableStream) {
      const reader = stream.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return "taken";
        await world.take(value);
      }
    }
    look(value: any) {
      return describeValue(world, value);
    }
    echo(value: unknown) {
      return value;
    }
    async call(callback: any) {
      return await callback(world.give());
    }
    async takeResult(callback: any) {
      await world.take(callback());
      return "taken";
    }
    async writeTo(sink: WritableStream) {
      const writer = sink.getWriter();
      await writer.write(world.give());
      await writer.close();
      return "written";
    }
    async takeError(callback: any) {
      try {
        await callback();
      } catch (error) {
        await world.take(error);
      }
      return "taken";
    }
    failWith() {
      throw world.give();
    }
    failWithCause() {
      throw new Error("outer", { cause: world.give() });
    }
    failWithProperty() {
      throw Object.assign(new Error("outer"), { property: world.give() });
    }
    sink() {
      return new WritableStream({ write: (chunk) => world.take(chunk) as Promise<void> });
    }
    numbers() {
      return [1, 2];
    }
    [Symbol.dispose]() {
      world.mainDisposed();
    }
  })();
}
