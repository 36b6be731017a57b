// Bundles the program with Metro in React Native's configuration. React Native's own modules are
// left out: globals.js stands in for them.
import { getDefaultConfig } from "@react-native/metro-config";
import Metro from "metro";

const config = getDefaultConfig(import.meta.dirname);
await Metro.runBuild(
  {
    ...config,
    projectRoot: import.meta.dirname,
    watchFolders: [import.meta.dirname],
    maxWorkers: 1,
    resetCache: true,
    reporter: { update() {} },
    resolver: { ...config.resolver, useWatchman: false },
    serializer: {
      ...config.serializer,
      getModulesRunBeforeMainModule: () => [],
      getPolyfills: () => [],
    },
  },
  { entry: "main.ts", out: "bundle.js", platform: "ios", dev: false, minify: false },
);
