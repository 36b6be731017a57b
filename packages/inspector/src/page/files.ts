/** Has the browser save a text as a file. */
export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/x-ndjson" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Asks for a file, and returns its text. Never resolves if none is chosen. */
export function upload(): Promise<string> {
  return new Promise((resolve, reject) => {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = ".jsonl,.ndjson,.json";
    input.onchange = () => {
      input.files?.[0]?.text().then(resolve, reject);
    };
    input.click();
  });
}
