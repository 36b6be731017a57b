import { useEffect, useRef, useState } from "preact/hooks";
import { testOf } from "../model/index.ts";
import { download } from "./files.ts";
import type { RecordingStore } from "./recording-store.ts";

/** The dialog that saves a session as a test. */
export function SaveDialog(props: {
  readonly store: RecordingStore;
  readonly session: number;
  readonly onClose: () => void;
}) {
  const { store, session, onClose } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const [name, setName] = useState(`session-${session}`);
  useEffect(() => dialog.current!.showModal(), []);
  const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, "-") || "session";
  const saved = testOf(store.entries, session, name);
  return (
    <dialog ref={dialog} onClose={onClose} aria-labelledby="save-title">
      <h2 id="save-title">Save session {session} as a test</h2>
      <p>
        The transcript has {saved.transcript.lines.length - 1} messages. The test plays the client's
        against your server, and compares the answers.
      </p>
      {saved.gaps.map((gap) => (
        <p class="advice bad" key={gap}>
          {gap} The transcript may not replay.
        </p>
      ))}
      <label>
        <span>Name</span>
        <input value={name} onInput={(event) => setName(event.currentTarget.value)} />
      </label>
      <h3>{slug}.test.ts</h3>
      <pre class="code" tabIndex={0}>
        {programOf(slug)}
      </pre>
      <footer>
        <button type="button" onClick={() => dialog.current!.close()}>
          Cancel
        </button>
        <button
          type="button"
          class="primary"
          onClick={() => {
            download(`${slug}.jsonl`, saved.text);
            dialog.current!.close();
          }}
        >
          Save {slug}.jsonl
        </button>
      </footer>
    </dialog>
  );
}

function programOf(slug: string): string {
  return `import { readFile } from "node:fs/promises";
import { parseTranscript } from "@capnweb/testkit";
import { testServer } from "@capnweb/testkit/conformance";
import { expect, test } from "vitest";

test("${slug} replays", async () => {
  const transcript = parseTranscript(await readFile("${slug}.jsonl", "utf8"));
  const results = await testServer("ws://localhost:8080/api", [transcript]);
  expect(results).toMatchObject([{ failure: undefined }]);
});
`;
}
