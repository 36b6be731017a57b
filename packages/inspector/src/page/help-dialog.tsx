import { useEffect, useRef } from "preact/hooks";

const KEYS: readonly (readonly [string, string])[] = [
  ["1 – 7", "show a view"],
  ["↑ ↓ Page Home End", "select a row"],
  ["← →", "round trips in the pipeline; views, if a tab has the focus"],
  ["Esc", "close the details; leave a field"],
  ["/", "filter"],
  ["p", "pause and resume"],
  ["t", "next theme"],
  ["?", "this list"],
];

/** The list of keys. */
export function HelpDialog({ onClose }: { readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current!.showModal(), []);
  return (
    <dialog ref={dialog} onClose={onClose} aria-labelledby="help-title">
      <h2 id="help-title">Keys</h2>
      <dl class="facts">
        {KEYS.map(([keys, action]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{action}</dd>
          </div>
        ))}
      </dl>
      <footer>
        <button type="button" class="primary" onClick={() => dialog.current!.close()}>
          Close
        </button>
      </footer>
    </dialog>
  );
}
