import { render } from "preact";
import { App } from "./app.tsx";
import { Connection } from "./connection.ts";
import { RecordingStore } from "./recording-store.ts";
import { applyTheme } from "./theme.ts";

applyTheme();
const store = new RecordingStore();
const connection = new Connection(store);
render(<App store={store} connection={connection} />, document.getElementById("app")!);
