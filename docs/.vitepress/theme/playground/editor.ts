import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { bracketMatching, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

/**
 * Makes an editor of TypeScript. Tab moves the focus, as elsewhere on the page.
 *
 * @param label its name for screen readers
 * @param onChange called with the new code
 */
export function makeEditor(
  parent: HTMLElement,
  label: string,
  code: string,
  onChange: (code: string) => void,
): EditorView {
  const state = EditorState.create({
    doc: code,
    extensions: [
      lineNumbers(),
      history(),
      indentOnInput(),
      bracketMatching(),
      EditorView.lineWrapping,
      javascript({ typescript: true }),
      syntaxHighlighting(classHighlighter),
      keymap.of([...defaultKeymap, ...historyKeymap]),
      EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) onChange(update.state.doc.toString());
      }),
    ],
  });
  return new EditorView({ parent, state });
}

/** Replaces the code in an editor. */
export function setCode(editor: EditorView, code: string): void {
  if (editor.state.doc.toString() === code) return;
  editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: code } });
}
