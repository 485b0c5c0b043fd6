import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { WAV_HEADER_BYTES } from "../../src/core/dsp/wav.ts";
import { hasChromium, launch, type Page } from "../support/browser.ts";
import { type Dm20Client, startServer } from "../support/server.ts";
import { until } from "../support/table.ts";
import { ToneEngine } from "../support/tone-engine.ts";

/** A letter is 50 ms of sound: lines last long enough to be stopped. */
const engine = new ToneEngine({ samplesPerChar: 1200 });
const server = await startServer({ engines: [engine] });
const LONG = "There is a door at the end of the hall, and nobody has opened it for forty years.";
let browser: Awaited<ReturnType<typeof launch>> | undefined;

beforeAll(async () => {
  if (hasChromium) browser = await launch();
}, 60_000);
afterAll(() => browser?.close());

const players: Dm20Client[] = [];
/** What one test leaves is none of the next one's. */
afterEach(async () => {
  await Promise.all(browser?.context.pages().map((page) => page.close()) ?? []);
  for (const { socket } of players.splice(0)) socket.close();
  await server.silence();
});

async function join(player: string): Promise<Dm20Client> {
  const client = await server.join(player);
  players.push(client);
  return client;
}

async function open(path: string, size = { width: 1280, height: 800 }): Promise<Page> {
  if (!browser) throw new Error("there is no browser");
  const page = await browser.context.newPage();
  await page.setViewportSize(size);
  await page.goto(`${server.url}/${path}`);
  return page;
}

const openDesk = (size?: { width: number; height: number }): Promise<Page> =>
  open(`dm?token=${server.dmToken}`, size);

/** Waits until what speaks or waits is so. */
async function untilQueue(isSo: (texts: readonly string[]) => boolean): Promise<void> {
  const texts = async (): Promise<string[]> => (await server.party.status()).queue.map(({ text }) => text);
  while (!isSo(await texts())) await Bun.sleep(20);
}

test.skipIf(!hasChromium)(
  "a prepared line is said by its key, from the empty box after a stroke, and two strokes begin a line",
  async () => {
    const thorin = await join("thorin");
    const page = await openDesk();
    const box = page.getByRole("textbox", { name: "What is said" });
    const texts = (): unknown[] => thorin.of("narrative").map(({ content }) => content);
    await box.fill("The lamp goes out.");
    await page.getByRole("button", { name: "Add a line" }).click();
    await page.getByLabel("Under the heading").fill("At the inn");
    await page.getByRole("button", { name: "Keep" }).click();
    await page.getByLabel("Prepared lines").getByText("✓ ready").waitFor();
    await box.fill("");
    await page.getByRole("button", { name: "Make all ready" }).focus();
    await page.keyboard.press("1");
    await until(() => texts().length === 1);
    await box.focus();
    await page.keyboard.type("/1");
    await until(() => texts().length === 2);
    expect(await box.inputValue()).toBe("");
    await page.keyboard.type("//1");
    expect(await box.inputValue()).toBe("/1");
    expect(texts()).toEqual(["The lamp goes out.", "The lamp goes out."]);
    await page.reload();
    await page.getByText("At the inn").waitFor();
  },
  60_000,
);

test.skipIf(!hasChromium)(
  "Ctrl+Enter says a line now, Escape stops all wherever the focus is, and who heard well still does",
  async () => {
    const play = await open(`play?codec=pcm16&token=${await server.party.tokens.issue("elara")}`);
    await play.getByRole("button", { name: "Tap to listen" }).click();
    const page = await openDesk();
    const box = page.getByRole("textbox", { name: "What is said" });
    await box.fill(LONG);
    await box.press("Enter");
    await box.fill("It waits.");
    await box.press("Enter");
    await page.getByText("1 line waits").waitFor();
    // It needs a text.
    const interrupt = page.getByRole("button", { name: "Interrupt" });
    expect(await interrupt.isDisabled()).toBe(true);
    await box.fill("Stop! Who goes there?");
    expect(await interrupt.isEnabled()).toBe(true);
    await box.press("Control+Enter");
    await untilQueue((texts) => texts.includes("Stop! Who goes there?"));
    await play.getByText("Stop! Who goes there?").waitFor();
    await page.getByRole("searchbox", { name: "Find in the log" }).focus();
    await page.keyboard.press("Escape");
    await untilQueue((texts) => texts.length === 0);
    await page.getByText("You stopped it before anybody heard it.").first().waitFor();
    const seat = page.getByRole("button", { name: /^Elara/ });
    await Bun.sleep(1_500);
    expect(await seat.textContent()).toContain("hears");
  },
  60_000,
);

test.skipIf(!hasChromium)(
  "a line heard first sounds at the desk and reaches nobody, and an unknown tag is pointed out and mended",
  async () => {
    const thorin = await join("thorin");
    const page = await openDesk();
    const box = page.getByRole("textbox", { name: "What is said" });
    await box.fill("[effect fog]Who is it?[/effect]");
    await page.getByText("[effect fog] is not known and would be read aloud.").waitFor();
    await page.getByRole("button", { name: /^Write \[effect/ }).click();
    expect(await box.inputValue()).toMatch(/^\[effect (cave|radio|giant|spirit)\]Who is it\?/);
    await page.getByRole("button", { name: "Hear it first" }).click();
    await page.getByRole("button", { name: "Stop hearing" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Hear it first" }).waitFor();
    expect(thorin.of("narrative")).toEqual([]);
  },
  60_000,
);

test.skipIf(!hasChromium)(
  "the log stays in view at every size, next to a composer of a third of the height, and nothing is cut",
  async () => {
    const page = await openDesk({ width: 390, height: 844 });
    server.party.speak({ text: LONG });
    await page.locator(".talk-text", { hasText: LONG }).last().waitFor();
    for (const [width, height] of [
      [390, 844],
      [320, 640],
      [844, 390],
      [640, 400],
      [1280, 800],
    ] as const) {
      await page.setViewportSize({ width, height });
      const heights = await page.evaluate(() => {
        const of = (part: string): number =>
          document.querySelector(part)?.getBoundingClientRect().height ?? Number.NaN;
        const isBeside = matchMedia("(max-height: 32rem) and (min-width: 36rem)").matches;
        return { log: of(".scroller"), composer: of(".composer") + (isBeside ? 0 : of(".seats")) };
      });
      expect(heights.composer / height).toBeLessThanOrEqual(0.34);
      expect(heights.log / height).toBeGreaterThanOrEqual(0.45);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    }
    // A phone at 200 %: the composer's share alone, the log next to it.
    await page.setViewportSize({ width: 195, height: 422 });
    const [composer = Number.NaN, log = Number.NaN] = await page.evaluate(() =>
      [".composer", ".scroller"].map((part) => document.querySelector(part)?.clientHeight ?? Number.NaN),
    );
    expect(composer / 422).toBeLessThanOrEqual(0.34);
    expect(log / 422).toBeGreaterThanOrEqual(0.3);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(195);
  },
  60_000,
);

test.skipIf(!hasChromium)(
  "whoever has the desk listens along and is nobody's audience, finds and saves what was said, and invites each player once",
  async () => {
    await join("thorin");
    const page = await openDesk();
    const ear = page.getByLabel("Listen along");
    await ear.selectOption("the table");
    await until(() => server.party.connections.connectionCount("observer:console") === 1);
    const box = page.getByRole("textbox", { name: "What is said" });
    await box.fill("[effect cave]A *bell*.[/effect]");
    await box.press("Enter");
    // As players read it.
    await page.locator(".talk-text", { hasText: /^A bell\.$/ }).waitFor();
    await page.getByRole("listitem").filter({ hasText: "A bell." }).getByText("Heard by Thorin.").waitFor();
    await ear.selectOption("off");
    await until(() => server.party.connections.connectionCount("observer:console") === 0);

    await page.getByRole("searchbox", { name: "Find in the log" }).fill("bell");
    await page.locator("mark", { hasText: "bell" }).waitFor();
    await page.getByText("1 line with “bell”").waitFor();
    await page.getByRole("button", { name: "Save the log…" }).click();
    const [text] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save", exact: true }).click(),
    ]);
    expect(await Bun.file(await text.path()).text()).toContain("**Game master**  \nA *bell*.");
    await page.getByRole("radio", { name: "Sound for any program" }).check();
    await page.getByText("To save one line, find it in the log.").waitFor();
    const [evening] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save", exact: true }).click(),
    ]);
    const wav = await Bun.file(await evening.path()).bytes();
    // The server did not know how long it would be; the file says so.
    expect(new DataView(wav.buffer).getUint32(40, true)).toBe(wav.length - WAV_HEADER_BYTES);
    expect(wav.length).toBeGreaterThan(2 * WAV_HEADER_BYTES);
    await page.getByRole("radio", { name: "Sound, small" }).check();
    const [small] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save", exact: true }).click(),
    ]);
    expect(small.suggestedFilename()).toEndWith(".opus");
    const [sound] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: /^Save sound/ }).click(),
    ]);
    expect(sound.suggestedFilename()).toBe("A-bell.opus");

    // Whoever types before the codes are there is told, too.
    const codes = Promise.withResolvers<void>();
    await page.route("**/api/invites", async (route) => {
      await codes.promise;
      await route.continue();
    });
    await page.getByRole("button", { name: "Invite", exact: true }).first().click();
    const name = page.getByLabel("One more player");
    await name.fill("THORIN");
    codes.resolve();
    await page.getByText("Thorin has a code already; capitals make no other player.").waitFor();
    expect(await name.getAttribute("aria-invalid")).toBe("true");
    const [picture] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: /^Save as a picture.*Elara/ }).click(),
    ]);
    expect(picture.suggestedFilename()).toBe("Elara.png");
    await page.getByText("Use another address").click();
    await page.getByLabel("Address that the links begin with").fill("party.example/table");
    await page.getByRole("button", { name: "Use it" }).click();
    await page.getByText("http://party.example/table").waitFor();
    // Escape closes it where nothing sounds.
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  },
  60_000,
);

test.skipIf(!hasChromium)(
  "what a player tells stands in the log where it came, and is answered from there",
  async () => {
    const page = await openDesk();
    const tones = (): Promise<number> =>
      page.evaluate(() => (window as unknown as { tones?: number }).tones ?? 0);
    await page.evaluate(() => {
      const { start } = OscillatorNode.prototype;
      OscillatorNode.prototype.start = function (when) {
        Object.assign(window, { tones: ((window as unknown as { tones?: number }).tones ?? 0) + 1 });
        start.call(this, when);
      };
    });
    server.party.answers.take("elara", { kind: "again", private: false });
    await page.getByText("Again, please.").waitFor();
    // Off until it is wanted, and heard when it is.
    expect(await tones()).toBe(0);
    await page.getByRole("button", { name: "Table", exact: true }).click();
    await page.getByLabel("A soft sound here when a player raises a hand or writes").check();
    while ((await tones()) < 2) await Bun.sleep(20);
    server.party.answers.take("thorin", { kind: "text", text: "I hide.", private: true });
    server.party.answers.take("elara", { kind: "hand", raised: true, private: false });
    const told = page.getByRole("listitem").filter({ hasText: "I hide." });
    await told.getByText("to you alone").waitFor();
    while ((await tones()) < 4) await Bun.sleep(20);
    await told.getByRole("button", { name: /^Whisper back/ }).click();
    await page.getByRole("button", { name: "Whisper to Thorin" }).waitFor();
    const seat = page.getByRole("button", { name: /^Elara/ });
    await seat.filter({ hasText: "hand up" }).waitFor();
    await page.getByRole("button", { name: /^Hand down/ }).click();
    await seat.filter({ hasText: "away" }).waitFor();
  },
  60_000,
);

test.skipIf(!hasChromium)(
  "lines that wait are moved by keys and by the mouse, and are said in that order",
  async () => {
    const play = await open(`play?codec=pcm16&token=${await server.party.tokens.issue("elara")}`);
    await play.getByRole("button", { name: "Tap to listen" }).click();
    await play.getByText("Listening").waitFor();
    for (const text of [LONG.repeat(9), "First.", "Second.", "Third."]) server.party.speak({ text });
    const page = await openDesk();
    const grip = (words: string): ReturnType<Page["getByRole"]> =>
      page.getByRole("button", { name: `Move with the arrow keys: ${words}` });
    const inOrder = (...texts: string[]): Promise<void> =>
      untilQueue((queue) => queue.slice(1).join() === texts.join());
    await grip("Third.").press("ArrowUp");
    await inOrder("First.", "Third.", "Second.");
    // The handle keeps the focus.
    while (!(await grip("Third.").evaluate((handle) => handle === document.activeElement)))
      await Bun.sleep(20);
    await page.keyboard.press("ArrowUp");
    await inOrder("Third.", "First.", "Second.");
    const row = (text: string): ReturnType<Page["locator"]> => page.locator(".wait", { hasText: text });
    await row("Second.").dragTo(row("Third."));
    await inOrder("Second.", "Third.", "First.");
  },
  60_000,
);
