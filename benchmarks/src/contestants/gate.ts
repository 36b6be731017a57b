/**
 * A promise, and the function that resolves it. (`Promise.withResolvers` is missing in Node 20.)
 */
export class Gate {
  open!: () => void;
  readonly opened = new Promise<void>((resolve) => {
    this.open = resolve;
  });
}
