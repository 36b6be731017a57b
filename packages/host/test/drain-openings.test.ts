import { connect } from "@capnweb/reconnect";
import { WebSocketPushTransport } from "@capnweb/transport-ws";
import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { deferred, serve } from "./support.ts";

describe.each<[false | object]>([[false], [{}]])(
  "a client that connects just when the drain begins, with resume: %o, loses no call",
  (resume) => {
    /** A client that connects to the server at `url()`, and its first call. */
    function callFirst(url: () => string): Promise<unknown> {
      const connection = connect<any>({
        open: () => new WebSocketPushTransport(new WebSocket(url())),
        resume: resume && {},
        backoff: { min: 0, max: 0 },
        random: () => 0,
      });
      onTestFinished(() => connection.close());
      return Promise.resolve((connection.api as any).add(1, 2));
    }

    test("if it is refused", async () => {
      const asked = deferred();
      const decision = deferred<true>();
      const authorize = () => {
        asked.resolve();
        return decision.promise;
      };
      const old = await serve({ resume, authorize });
      const next = await serve({ resume });
      let current = old;
      const sum = callFirst(() => current.ws);
      await asked.promise;
      current = next;
      const drained = old.host.drain({ deadline: 60_000 });
      decision.resolve(true);
      expect(await sum).toBe(3);
      expect(await drained).toMatchObject({ sessions: 0 });
    });

    test("if it was accepted before", async () => {
      const old = await serve({ resume });
      const next = await serve({ resume });
      let current = old;
      const sum = callFirst(() => current.ws);
      // It has been accepted once it is listed, and has said nothing yet.
      while ([...old.host.sessions].length === 0) await new Promise(setImmediate);
      current = next;
      const drained = old.host.drain({ deadline: 60_000 });
      expect(await sum).toBe(3);
      expect(await drained).toMatchObject({ sessions: 1, left: 1, closed: 0, cut: 0 });
      expect([...next.host.sessions]).toHaveLength(1);
    });
  },
);
