import { existsSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { slug } from "github-slugger";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PAGES = `${ROOT}docs`;
const { repository, description } = JSON.parse(readFileSync(`${ROOT}package.json`, "utf8"));
const SOURCES = repository.url.replace(/^git\+|\.git$/g, "");

const item = (text, link) => ({ text, link });

export default {
  title: "Bardcast",
  description,
  base: process.env.SITE_BASE ?? "/",
  srcDir: "../docs",
  outDir: "dist",
  cacheDir: "../node_modules/.cache/vitepress",
  // On the code host, a folder shows its README.
  rewrites: { "README.md": "index.md" },
  lastUpdated: false,
  // Anchors are those of the code host, so that a link means the same in both.
  markdown: { anchor: { slugify: slug }, config: (md) => md.core.ruler.push("sources", linkToSources) },
  vite: { logLevel: "warn", build: { chunkSizeWarningLimit: 2000 } },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    socialLinks: [{ icon: "github", link: SOURCES }],
    sidebar: [
      {
        text: "Game masters",
        items: [
          item("Tonight's game", "/tonights-game"),
          item("Tune the room", "/tuning"),
          item("The cast", "/cast"),
          item("Markup", "/markup"),
          item("The sound of the place", "/sound"),
          item("Voices", "/voices"),
          item("Said right", "/said-right"),
          item("The command line", "/command-line"),
          item("Questions", "/faq"),
        ],
      },
      {
        text: "Programs",
        items: [
          item("In your own program", "/in-your-program"),
          item("Over HTTP", "/http"),
          item("Every route", "/openapi"),
          item("OpenAI's API", "/openai"),
          item("Wyoming", "/wyoming"),
          item("In somebody else's page", "/embedding"),
          item("Foundry, SillyTavern", "/programs"),
          item("The two wires", "/wires"),
          item("Playing in step", "/sync"),
          item("A language model", "/mcp"),
          item("Who may come in", "/access"),
          item("API", "/api/"),
        ],
      },
      {
        text: "Running it",
        items: [
          item("Deploying", "/deploying"),
          item("Many parties", "/parties"),
          item("Many nodes", "/scale"),
          item("Operating", "/operating"),
          item("Reliability", "/reliability"),
          item("Architecture", "/architecture"),
        ],
      },
    ],
  },
};

/** What a page leads to outside of the pages is on the code host; here it would be a dead link. */
function linkToSources({ tokens, env }) {
  for (const token of tokens.flatMap(({ children }) => children ?? [])) {
    const href = token.attrGet("href");
    if (token.type !== "link_open" || href === null || /^([a-z]+:|#|\/)/.test(href)) continue;
    const [path = "", hash = ""] = href.split(/(?=#)/);
    const target = resolve(dirname(env.path), path);
    const isPage = target.startsWith(`${PAGES}/`) && target.endsWith(".md");
    if (isPage || !existsSync(target)) continue;
    token.attrSet("href", `${SOURCES}/blob/main/${relative(ROOT, target)}${hash}`);
  }
}
