import { build } from "esbuild";

const options = { bundle: true, format: "iife", minify: true, target: "es2022" };
await build({ ...options, entryPoints: ["script.ts"], outfile: "dist/esbuild.js" });
// webpack reads JavaScript.
await build({ entryPoints: ["script.ts", "calls.ts"], outdir: "." });
