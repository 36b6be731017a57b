import { render } from "preact";
import { App } from "./app.tsx";
import { Connection } from "./connection.ts";
import { RecordingStore } from "./recording-store.ts";
import { applyTheme, THEMES, type Theme } from "./theme.ts";

applyTheme();
const store = new RecordingStore();
/** True if the page that embeds this one gives it recordings, in messages. */
const isGiven = location.hash === "#given";
const connection = new Connection(store, isGiven);
if (isGiven) {
  addEventListener("message", ({ origin, data }) => {
    if (origin !== location.origin) return;
    if (THEMES.includes(data?.theme)) applyTheme(data.theme as Theme);
    if (typeof data?.recording === "string") store.open(data.recording);
  });
}
render(<App store={store} connection={connection} />, document.getElementById("app")!);
