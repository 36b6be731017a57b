import { join } from "node:path";
import { defineConfig } from "vitepress";
import { BASE, GENERATED, REPOSITORY, ROOT, SITE } from "./site/address.ts";
import { hoverTypes, requireTypes } from "./site/hover-types.ts";
import { inspectorPage } from "./site/inspector-page.ts";
import { Links } from "./site/links.ts";
import { writeMarkdown } from "./site/llms.ts";
import { anchorOf, followTheme, rewriteLinks } from "./site/markdown.ts";
import { HOME } from "./site/navigation.ts";
import { findPages, outputOf, summaryOf, textOf } from "./site/pages.ts";
import { resolveFromDocs } from "./site/resolve.ts";
import { renderForSearch } from "./site/search.ts";
import { apiSidebar, navOf, sidebarOf } from "./site/sidebar.ts";

const pages = findPages();
const links = new Links(pages);
const written = pages.filter(({ source }) => !source.startsWith(GENERATED));
const sources = new Map(pages.map((page) => [outputOf(page), page.source]));

const DESCRIPTION =
  "Type-safe remote calls between browsers, servers, workers and windows: capabilities by " +
  "reference, calls on results that haven't arrived, and sessions that survive lost connections.";

export default defineConfig({
  title: "@capnweb",
  titleTemplate: ":title | @capnweb",
  description: DESCRIPTION,
  lang: "en",
  base: BASE,
  // The READMEs of packages are pages too.
  srcDir: "..",
  srcExclude: [
    ".*/**",
    "benchmarks/**",
    "examples/**",
    "interop/**",
    "scripts/**",
    "testing/**",
    "README.md",
    "packages/*/*/**",
    "packages/*/CHANGELOG.md",
    "docs/node_modules/**",
  ],
  rewrites: Object.fromEntries(pages.map((page) => [page.source, outputOf(page)])),
  cacheDir: "node_modules/.cache/vitepress",
  cleanUrls: true,
  // `npm run docs:check` checks them, anchors included.
  ignoreDeadLinks: true,
  sitemap: { hostname: SITE },
  head: [
    ["link", { rel: "icon", type: "image/svg+xml", href: `${BASE}logo.svg` }],
    ["meta", { name: "theme-color", content: "#0b6b63" }],
  ],
  vite: {
    publicDir: join(ROOT, "docs/public"),
    resolve: {
      alias: {
        "./VPSidebarItem.vue": join(ROOT, "docs/.vitepress/theme/SidebarItem.vue"),
      },
    },
    // Otherwise, Vite looks for dependencies in every page of the repository.
    optimizeDeps: { entries: ["docs/.vitepress/theme/index.ts"] },
    plugins: [resolveFromDocs(), inspectorPage()],
  },
  markdown: {
    anchor: { slugify: anchorOf },
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    codeTransformers: [hoverTypes(written.map(({ source }) => source))],
    config(md) {
      rewriteLinks(md, links);
      followTheme(md);
    },
  },
  buildEnd({ outDir }) {
    requireTypes();
    writeMarkdown(outDir, pages, links);
  },
  transformPageData(data) {
    const source = sources.get(data.relativePath);
    if (source === undefined) return;
    if (source === HOME) {
      // Here instead of in the page, which a forge shows as well.
      data.title = "@capnweb";
      data.titleTemplate = "Remote calls with capabilities";
      data.frontmatter["layout"] = "home";
      return;
    }
    const { title, description } = summaryOf(textOf(source));
    data.title = title;
    data.description = description;
    if (source.startsWith(GENERATED)) data.frontmatter["editLink"] = false;
  },
  transformHead({ pageData, title, description }) {
    const url = SITE + pageData.relativePath.replace(/(^|\/)index\.md$/, "$1").replace(/\.md$/, "");
    const markdown = pageData.relativePath.replace(/\/index\.md$/, ".md");
    return [
      ["link", { rel: "canonical", href: url }],
      ["link", { rel: "alternate", type: "text/markdown", href: SITE + markdown }],
      ["meta", { property: "og:title", content: title }],
      ["meta", { property: "og:description", content: description }],
      ["meta", { property: "og:url", content: url }],
      ["meta", { property: "og:type", content: "website" }],
    ];
  },
  themeConfig: {
    logo: { src: "/logo.svg", alt: "" },
    siteTitle: "@capnweb",
    nav: navOf(written),
    sidebar: { "/api/": apiSidebar(pages), "/": sidebarOf(written) },
    outline: { level: [2, 3] },
    search: { provider: "local", options: { _render: renderForSearch } },
    editLink: { pattern: `${REPOSITORY}/edit/main/:path`, text: "Edit this page" },
    socialLinks: [{ icon: "github", link: REPOSITORY }],
    externalLinkIcon: true,
  },
});
