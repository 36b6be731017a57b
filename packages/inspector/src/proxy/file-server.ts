import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parseRecording } from "../recording/lines.ts";
import { Recorder } from "../recording/recorder.ts";
import { isSameOrigin, localOnly } from "../server/access.ts";
import { FeedBudget } from "../server/feed-budget.ts";
import { servePage } from "../server/serve-page.ts";

/** A page that shows a recording. */
export interface FilePage {
  readonly pageUrl: string;
  /** The number of lines of the file that couldn't be read. */
  readonly unreadable: number;
  close(): void;
}

/**
 * Serves a page on 127.0.0.1 that shows a recording.
 *
 * @param text the content of the file
 * @throws RecordingError for text that is no recording
 */
export async function serveRecording(text: string, title: string, port = 0): Promise<FilePage> {
  const { entries, unreadable } = parseRecording(text);
  const recorder = new Recorder({ maxEntries: Infinity, maxBytes: Infinity, details: false });
  for (const entry of entries) recorder.add(entry);
  const server = createServer();
  const description = { title, way: "file", canCall: false, hasDetails: true } as const;
  // A process that only serves the page may take all of its time for it.
  const budget = new FeedBudget(1);
  const page = servePage(server, "/__capnweb", { recorder, budget, description }, (request) =>
    isSameOrigin(request) ? localOnly(request) : false,
  );
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address() as AddressInfo;
  return {
    pageUrl: `http://127.0.0.1:${address.port}/__capnweb/`,
    unreadable,
    close() {
      page.close();
      server.close();
      server.closeAllConnections();
    },
  };
}
