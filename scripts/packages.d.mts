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

/** A package that isn't private. */
export interface PublishedPackage {
  readonly directory: string;
  readonly manifest: {
    readonly name: string;
    readonly publishConfig?: { readonly exports?: Record<string, { types?: string }> };
  };
}

export function publishedPackages(): PublishedPackage[];
