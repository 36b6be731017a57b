/** A published package, packed. */
export interface Packed {
  readonly manifest: { readonly name: string; readonly version: string };
  /** The path of its tarball. */
  readonly tarball: string;
}
export function run(program: string, args: readonly string[], cwd?: string): string;
export function withTarballs(
  use: (tarballs: Packed[], directory: string) => unknown,
  names?: readonly string[],
): Promise<void>;
