import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import language from "../../clients/foundry/lang/en.json" with { type: "json" };
import manifest from "../../clients/foundry/module.json" with { type: "json" };
import { type Browser, hasChromium, launchForMany, type Page } from "../support/browser.ts";
import { OtherSite } from "../support/other-site.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/table.ts";
import { ToneEngine } from "../support/tone-engine.ts";

const site = new OtherSite();
const server = await startServer({
  engines: [new ToneEngine()],
  cache: false,
  players: ["thorin", "elara"],
  allowOrigins: [site.origin],
});

test("the manifest names files that are there, and the version of the package", async () => {
  for (const file of [...manifest.esmodules, ...manifest.languages.map(({ path }) => path)])
    expect(existsSync(`clients/foundry/${file}`), file).toBe(true);
  expect(manifest.version).toBe((await Bun.file("package.json").json()).version);
});

describe.skipIf(!hasChromium)("the module for Foundry VTT, in a host that is like it", () => {
  let browser: Browser;
  let page: Page;
  let said = 0;

  beforeAll(async () => {
    await site.scripts("/foundry", "clients/foundry");
    await site.scripts("/host", "test/clients");
    browser = await launchForMany();
    page = await open("u-gm");
    const { token } = await server.party.guests.invite("service", "foundry");
    await set(page, { url: `${server.url}/`, token, players: "Anna=thorin, Ben = elara" });
  });
  beforeEach(() => page.evaluate(() => void ui.notifications.told.splice(0)));
  afterAll(() => browser?.close());

  async function open(user: string): Promise<Page> {
    const opened = await browser.newPage();
    const scripts = `<script src="/host/fake-foundry.js"></script><script>language = ${JSON.stringify(language)}</script>`;
    await opened.goto(
      `${site.origin}${site.page(`${scripts}<script type="module" src="/foundry/scripts/bardcast.js"></script>`)}?user=${user}`,
    );
    await opened.waitForLoadState("load");
    await opened.evaluate(() => Hooks.callAll("init"));
    return opened;
  }

  const set = (at: Page, values: Record<string, unknown>): Promise<void> =>
    at.evaluate(async (all) => {
      for (const [key, value] of Object.entries(all)) await game.settings.set("bardcast", key, value);
    }, values);

  const chat = (message: Record<string, unknown>, at = page): Promise<void> =>
    at.evaluate((data) => ChatMessage.create(data), message);

  const told = (): Promise<string[]> => page.evaluate(() => ui.notifications.told);

  /** What has been said since it was asked last, in order; so many lines are waited for. */
  async function newLines(count: number): Promise<{ speaker: string; to: unknown; text: string }[]> {
    const log = () => server.party.said({ limit: 100 }).utterances;
    await until(() => log().length >= said + count);
    const lines = log()
      .slice(0, log().length - said)
      .reverse();
    said = log().length;
    return lines.map(({ speaker, to, text }) => ({ speaker, to, text }));
  }

  test("what an actor says is heard by all, by the name that players see; an emote is told, and no markup is spoken", async () => {
    await chat({
      author: "u-anna",
      content: "<p>Halt! <b>Who</b> goes&nbsp;there?</p><p>Speak.</p>",
      speaker: { actor: "a-king", alias: "Hooded Stranger" },
    });
    await chat({
      author: "u-anna",
      content: "[voice old_mara]I confess[/voice]",
      speaker: { actor: "a-mara", alias: "Old Mara" },
    });
    await chat({ content: "Old Mara laughs.", style: 3, speaker: { actor: "a-mara", alias: "Old Mara" } });
    expect(await newLines(3)).toEqual([
      { speaker: "Hooded Stranger", to: "all", text: "Halt! Who goes there?\nSpeak." },
      { speaker: "Old Mara", to: "all", text: "[\u2060voice old_mara]I confess[\u2060/voice]" },
      { speaker: "dm", to: "all", text: "Old Mara laughs." },
    ]);
  });

  test("a whisper is heard by its recipients, and by nobody if it is for game masters, blind, a roll, or between players", async () => {
    await chat({ content: "Only for the game master.", author: "u-anna", whisper: ["u-gm"] });
    await chat({ content: "You do not know.", blind: true, whisper: ["u-anna"] });
    await chat({ content: "17", rolls: [{}], style: 0 });
    await chat({ content: "Between us.", author: "u-anna", whisper: ["u-ben"] });
    await chat({ content: "A card of a system's own.", type: "dnd5e.card" });
    await chat({ content: "brb", style: 1 });
    await chat({ content: "The key is under the mat.", style: 0, whisper: ["u-anna", "u-gm"] });
    await chat({
      content: "Come closer.",
      style: 1,
      whisper: ["u-anna", "u-ben"],
      speaker: { actor: "a-mara", alias: "Old Mara" },
    });
    await chat({ content: "Dawn." });
    expect(await newLines(3)).toEqual([
      { speaker: "dm", to: ["thorin"], text: "The key is under the mat." },
      { speaker: "Old Mara", to: ["thorin", "elara"], text: "Come closer." },
      { speaker: "dm", to: "all", text: "Dawn." },
    ]);
    expect(await told()).toEqual([]);
  });

  test("a whisper to somebody without a seat is told to the game master, and heard by nobody instead", async () => {
    await chat({ content: "Zoe, run.", whisper: ["u-zoe", "u-anna"] });
    await chat({ content: "Night." });
    expect(await newLines(1)).toEqual([{ speaker: "dm", to: "all", text: "Night." }]);
    expect(await told()).toEqual([expect.stringContaining("zoe")]);
  });

  test("nothing in a message runs or is loaded, and what players may not see is not said", async () => {
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await chat({
      content: `<img src="/picture.png" onerror="pwned = true"><script>pwned = true</script><p>The door<br>opens.</p>
        <section class="secret" id="s1"><p>It is a mimic.</p></section><section class="secret revealed"><p>It smells.</p></section>
        <p style="display: none">Hidden.</p><div class="gm-only">DC 15</div><span data-visibility="gm">AC 12</span><button>Roll</button>
        <template>Template.</template><p>Ask @UUID[Actor.a-mara]{the old woman}, or roll [[/r 1d20 + 3 # luck]]. @Check[fortitude|dc:20]</p>`,
    });
    expect(await newLines(1)).toEqual([
      {
        speaker: "dm",
        to: "all",
        text: "The door\nopens.\nIt smells.\nAsk the old woman, or roll 1d20 + 3 .",
      },
    ]);
    expect(await page.evaluate(() => "pwned" in globalThis)).toBe(false);
    expect(asked.filter((url) => url.includes("picture"))).toEqual([]);
  });

  test("a page of a journal has a button that has it said, without its secrets", async () => {
    const say = (content: string): Promise<void> =>
      page.evaluate(async (html) => {
        const element = document.createElement("article");
        document.body.append(element);
        const shown = { document: { type: "text", text: { content: html } } };
        for (const _ of [1, 2]) Hooks.callAll("renderJournalEntryPageSheet", shown, element, {}, {});
        const buttons = element.querySelectorAll("button");
        if (buttons.length !== 1) throw new Error(`there are ${buttons.length} buttons`);
        buttons[0]?.click();
        element.remove();
      }, content);
    await say(
      '<h2>The Crypt</h2><p>Here lies @UUID[Actor.a-king].</p><section class="secret">He is not dead.</section>',
    );
    expect(await newLines(1)).toEqual([
      { speaker: "dm", to: "all", text: "The Crypt\nHere lies King Aldric." },
    ]);
    await say('<section class="secret">All of it is secret.</section>');
    await page.waitForFunction(() => ui.notifications.told.length > 0);
    expect(await told()).toEqual([expect.stringContaining("nothing on this page")]);
  });

  test("a voice is bound to an actor, and given up again", async () => {
    const choose = (filledIn: Record<string, string>): Promise<void> =>
      page.evaluate(async (values) => {
        Object.assign(globalThis, { filledIn: values });
        const controls: { onClick(): void }[] = [];
        Hooks.callAll("getHeaderControlsActorSheetV2", { document: game.actors.get("a-mara") }, controls);
        controls[0]?.onClick();
        await new Promise((resolve) => setTimeout(resolve));
      }, filledIn);
    const speak = (): Promise<void> =>
      chat({ content: "Come in.", speaker: { actor: "a-mara", alias: "Mara" } });
    const bodies: unknown[] = [];
    page.on("request", (request) => request.method() === "POST" && bodies.push(request.postDataJSON()));
    await choose({ name: "old_mara", race: "elf", voice: "flite:slt" });
    await speak();
    await newLines(1);
    await choose({});
    await speak();
    await newLines(1);
    expect(bodies).toEqual([
      { text: "Come in.", to: "all", npc: { name: "old_mara", race: "elf" }, voice: "flite:slt" },
      { text: "Come in.", to: "all", npc: { name: "Mara" } },
    ]);
  });

  test("a player's browser says nothing and has no token; what goes wrong is told to the game master alone", async () => {
    const player = await open("u-anna");
    await set(player, { url: server.url, token: "x" });
    await chat({ content: "Heard once." }, player);
    expect(
      await player.evaluate(() =>
        [...game.settings.registered].flatMap(([key, { scope }]) => (scope === "client" ? key : [])),
      ),
    ).toEqual(["bardcast.token"]);
    expect(await player.evaluate(() => ui.notifications.told)).toEqual([]);
    await set(page, { token: "forged" });
    await chat({ content: "Not said." });
    await page.waitForFunction(() => ui.notifications.told.length === 1);
    await set(page, { url: "http://127.0.0.1:9" });
    await chat({ content: "Not said either." });
    await page.waitForFunction(() => ui.notifications.told.length === 2);
    expect((await told())[1]).toContain("--allow-origin");
    expect(server.party.said({ limit: 100 }).utterances.length).toBe(said);
    await player.close();
  });

  test("one key silences what it has said", async () => {
    const { token } = await server.party.guests.invite("service", "foundry");
    await set(page, { url: server.url, token });
    const thorin = await server.join("thorin");
    await chat({ content: "A tale that takes its time. ".repeat(200) });
    await until(() => server.party.streams.utterances.length === 1);
    await page.evaluate(() => game.keybindings.all.get("bardcast.stop")?.onDown());
    await until(() => server.party.streams.utterances.length === 0);
    expect(server.party.said({ limit: 1 }).utterances[0]?.state).toBe("cancelled");
    thorin.socket.close();
  });
});

/** What a page of the host has. */
declare const Hooks: { callAll(name: string, ...args: unknown[]): void };
declare const ui: { notifications: { told: string[] } };
declare const ChatMessage: { create(data: unknown): void };
declare const game: {
  settings: {
    registered: Map<string, { scope: string }>;
    set(scope: string, key: string, value: unknown): Promise<void>;
  };
  actors: { get(id: string): unknown };
  keybindings: { all: Map<string, { onDown(): void }> };
};
