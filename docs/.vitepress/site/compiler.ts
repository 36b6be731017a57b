import { join } from "node:path";
import ts from "typescript";
import { ROOT } from "./address.ts";
import { builtTypes, filesOf, type Snippet } from "./snippets.ts";

/** The type of a name in a snippet, as an editor shows it. */
export interface Hover {
  readonly text: string;
  readonly docs: string | undefined;
  readonly tags: [name: string, text: string | undefined][];
  /** The position in the snippet's code. */
  readonly start: number;
  readonly target: string;
}

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ["es2023", "esnext.disposable", "dom", "dom.iterable", "dom.asynciterable"].map(
    (name) => `lib.${name}.d.ts`,
  ),
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  jsx: ts.JsxEmit.ReactJSX,
  allowImportingTsExtensions: true,
  noEmit: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  skipLibCheck: true,
  types: ["node"],
};

/** Compiles all snippets as one program, because most of the time goes into the first. */
export class Compiler {
  readonly #service: ts.LanguageService;

  constructor(snippets: readonly Snippet[]) {
    const files = filesOf(snippets);
    const folder = join(ROOT, "examples/documentation");
    const read = (path: string) => files.get(path) ?? ts.sys.readFile(path);
    this.#service = ts.createLanguageService({
      getCompilationSettings: () => ({ ...OPTIONS, paths: builtTypes() }),
      getScriptFileNames: () => [...files.keys()],
      getScriptVersion: () => "1",
      getScriptSnapshot(path) {
        const text = read(path);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => folder,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      fileExists: (path) => files.has(path) || ts.sys.fileExists(path),
      readFile: read,
      directoryExists: (path) => path.startsWith(folder) || ts.sys.directoryExists(path),
      ...(ts.sys.realpath && { realpath: ts.sys.realpath }),
    });
  }

  /** The types of the names in a snippet. */
  hoversOf({ file, prelude }: Snippet): Hover[] {
    const source = this.#service.getProgram()!.getSourceFile(file)!;
    const hovers: Hover[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isIdentifier(node) && node.getStart(source) >= prelude.length) {
        const hover = this.#hoverAt(file, node.getStart(source));
        if (hover) {
          const start = node.getStart(source) - prelude.length;
          hovers.push({ ...hover, start, target: node.text });
        }
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return hovers;
  }

  /** The errors in a snippet, in words. */
  errorsOf({ file }: Snippet): string[] {
    return [
      ...this.#service.getSyntacticDiagnostics(file),
      ...this.#service.getSemanticDiagnostics(file),
    ].map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
  }

  #hoverAt(file: string, position: number): Pick<Hover, "text" | "docs" | "tags"> | undefined {
    const info = this.#service.getQuickInfoAtPosition(file, position);
    if (!info?.displayParts) return undefined;
    return {
      text: ts.displayPartsToString(info.displayParts),
      docs: ts.displayPartsToString(info.documentation) || undefined,
      tags: (info.tags ?? []).map(({ name, text }) => [
        name,
        text && ts.displayPartsToString(text),
      ]),
    };
  }
}
