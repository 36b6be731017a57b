import webpack from "webpack";

const settings = {
  mode: "production",
  context: import.meta.dirname,
  entry: "./script.js",
  output: { filename: "webpack.js" },
  resolve: { extensionAlias: { ".ts": [".js"] } },
};
webpack(settings, (error, stats) => {
  if (!error && !stats.hasErrors()) return;
  console.error(error ?? stats.toString());
  process.exitCode = 1;
});
