import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import manifest from "../../clients/sillytavern/manifest.json" with { type: "json" };
import { type Browser, hasChromium, launchForMany, type Page } from "../support/browser.ts";
import { OtherSite } from "../support/other-site.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/table.ts";
import { ToneEngine } from "../support/tone-engine.ts";

const site = new OtherSite();
const server = await startServer({
  engines: [new ToneEngine()],
  cache: false,
  players: ["thorin"],
  allowOrigins: [site.origin],
});
/** SillyTavern's own TTS extension as its providers see it, by its readme and its source. */
const HOST = `
const providers = {};
let provider, name;
const kept = {};
export const registerTtsProvider = (title, made) => { providers[title] = made; };
export const saveTtsProviderSettings = () => { kept[name] = structuredClone(provider.settings); };
globalThis.SillyTavern = { getContext: () => ({ characters: [{ name: "Seraphina" }] }) };
globalThis.host = {
  kept,
  async choose(title, settings) {
    name = title;
    provider = new providers[title]();
    document.querySelector("#tts_provider_settings").innerHTML = provider.settingsHtml;
    await provider.loadSettings(settings);
    await provider.checkReady();
  },
  voices: () => provider.fetchTtsVoiceObjects(),
  async tts(text, voiceName) {
    const { voice_id } = await provider.getVoice(voiceName);
    const response = await provider.generateTts(text, voice_id);
    const sounds = [];
    const take = async (each) => {
      const sound = await each.blob();
      if (!sound.type.startsWith("audio/")) throw new Error("TTS received HTTP response with invalid data format: " + sound.type);
      sounds.push([sound.type, sound.size]);
    };
    if (typeof response[Symbol.asyncIterator] === "function") for await (const each of response) await take(each);
    else await take(response);
    return sounds;
  },
};
`;

test("the manifest has the version of the package", async () => {
  expect(manifest.version).toBe((await Bun.file("package.json").json()).version);
});

describe.skipIf(!hasChromium)("the extension for SillyTavern, in a host that is like it", () => {
  let browser: Browser;
  let page: Page;
  let settings: { url: string; token: string; heard?: string };

  beforeAll(async () => {
    site.script("/scripts/extensions/tts/index.js", HOST);
    await site.scripts("/scripts/extensions/third-party/bardcast", "clients/sillytavern");
    browser = await launchForMany();
    page = await browser.newPage();
    const script = '<script type="module" src="/scripts/extensions/third-party/bardcast/index.js"></script>';
    await page.goto(site.origin + site.page(`<div id="tts_provider_settings"></div>${script}`));
    const { token } = await server.party.guests.invite("service", "sillytavern");
    settings = { url: server.url, token };
    await page.waitForFunction(() => "host" in globalThis);
  });
  afterAll(() => browser?.close());

  const choose = (changed: object): Promise<void> =>
    page.evaluate((all) => host.choose("Bardcast", all), { ...settings, ...changed });
  const tts = (text: string, voice: string): Promise<unknown> =>
    page.evaluate(([words, name]) => host.tts(words, name).catch(({ message }: Error) => message), [
      text,
      voice,
    ] as const);

  test("offers the table's speakers and this chat's characters as voices", async () => {
    await server.speak({
      text: "Psst.",
      to: "all",
      npc: { name: "old_mara", race: "human", gender: "female" },
    });
    await choose({});
    const names = (await page.evaluate(() => host.voices())).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["dm", "Seraphina"]));
    expect(await tts("Hm.", "Nobody")).toContain('no speaker "Nobody"');
  });

  test("is heard at the table by every player, in the character's voice and in order, and SillyTavern has no sound of it", async () => {
    const thorin = await server.join("thorin");
    expect([await tts("Welcome, traveller.", "Seraphina"), await tts("The door creaks.", "dm")]).toEqual([
      [],
      [],
    ]);
    await until(
      () => thorin.of("narrative").length >= 2 || server.party.said({ limit: 3 }).utterances.length >= 3,
    );
    const [last, first] = server.party.said({ limit: 2 }).utterances;
    expect([first, last].map((line) => [line?.speaker, line?.to, line?.text])).toEqual([
      ["Seraphina", "all", "Welcome, traveller."],
      ["dm", "all", "The door creaks."],
    ]);
    thorin.socket.close();
  });

  test("is heard here alone where that is wanted: the table hears and reads nothing", async () => {
    const before = server.party.said({ limit: 10 }).utterances.length;
    await choose({ heard: "here" });
    expect(await tts("Only for me.", "dm")).toEqual([["audio/wav", expect.any(Number)]]);
    expect(server.party.said({ limit: 10 }).utterances.length).toBe(before);
  });

  test("keeps what is typed, and says what is wrong: no token, a forged one, no table", async () => {
    await choose({});
    await page.locator("#bardcast_token").fill("forged");
    await page.locator("#bardcast_token").blur();
    expect(await page.evaluate(() => host.kept.Bardcast)).toEqual({
      url: server.url,
      token: "forged",
      heard: "table",
    });
    expect(await tts("Hm.", "dm")).toContain("The table says");
    await page.locator("#bardcast_url").fill("http://127.0.0.1:9");
    await page.locator("#bardcast_url").blur();
    expect(await tts("Hm.", "dm")).toContain("--allow-origin");
  });

  test("silences what it has said", async () => {
    await choose({});
    const thorin = await server.join("thorin");
    await tts("A tale that takes its time. ".repeat(200), "dm");
    await until(() => server.party.streams.utterances.length === 1);
    await page.locator("#bardcast_stop").click();
    await until(() => server.party.streams.utterances.length === 0);
    thorin.socket.close();
  });
});

/** What a page of the host has. */
declare const host: {
  kept: Record<string, unknown>;
  choose(title: string, settings: object): Promise<void>;
  voices(): Promise<{ name: string }[]>;
  tts(text: string, voice: string): Promise<unknown>;
};
