import { afterAll, beforeAll, describe, test } from "bun:test";
import { type Browser, hasChromium, launchForMany, type Page } from "../support/browser.ts";
import { startCutProxy } from "../support/cut-proxy.ts";
import { expectNoBarriers } from "../support/looks.ts";
import { startServer } from "../support/server.ts";
import { ToneEngine } from "../support/tone-engine.ts";

/** A line that sounds for two minutes, however long anybody looks; the others are short. */
const TALE =
  "Long ago a king lived here who counted his gold every night. And every night there was less of it. " +
  "He had the doors walled up. Then he had the windows walled up. At last he sat in the dark and counted by touch. " +
  "What he counted in the end nobody knows. The gold had long been carried off by those who had built the walls. " +
  "But on a night like this you can still hear him. Put your ear against the stones. He begins again.";
const engine = new ToneEngine({
  name: "espeak",
  samplesPerChar: (text) => (TALE.includes(text) ? 2_200 : 200),
});
const server = await startServer({ engines: [engine], players: ["thorin", "elara", "pip"] });

describe.skipIf(!hasChromium)("nobody is kept from using", () => {
  let browser: Browser;
  let wire: Awaited<ReturnType<typeof startCutProxy>>;
  let phone: Page;
  let desk: Page;

  beforeAll(async () => {
    browser = await launchForMany();
    wire = await startCutProxy(Number(new URL(server.url).port));
    desk = await open(`${server.url}/dm?token=${server.dmToken}`, { width: 1280, height: 800 });
    await desk.getByText("The table is quiet.").waitFor();
  }, 120_000);
  afterAll(async () => {
    wire?.close();
    await browser?.close();
  });

  async function open(url: string, viewport: { width: number; height: number }): Promise<Page> {
    const context = await browser.newContext({ viewport, reducedMotion: "reduce" });
    context.setDefaultTimeout(20_000);
    const page = await context.newPage();
    await page.goto(url);
    return page;
  }

  const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name, exact: true });
  const say = (text: string, rest: object = {}) => server.party.speak({ text, to: "all", ...rest });
  const box = () => desk.getByRole("textbox", { name: "What is said" });
  const listen = async (page: Page): Promise<void> => {
    await button(page, "Tap to listen").click();
    await page.getByText("Listening").waitFor();
  };

  test("the console before anything was said, and its invitations", async () => {
    await expectNoBarriers(desk, "desk-quiet");
    await button(desk, "Show the codes").click();
    await desk.getByRole("img", { name: "Code with Pip’s link" }).waitFor();
    await desk.getByText("Use another address").click();
    await expectNoBarriers(desk, "desk-invitations");
    await button(desk, "Done").click();
  }, 120_000);

  test("a phone before the first tap, and before the first word", async () => {
    phone = await open(
      `http://127.0.0.1:${wire.port}/play?token=${await server.party.tokens.issue("elara")}`,
      { width: 390, height: 844 },
    );
    await button(phone, "Tap to listen").waitFor();
    await expectNoBarriers(phone, "phone-tap");
    await listen(phone);
    await expectNoBarriers(phone, "phone-quiet");
  }, 120_000);

  test("both while a line sounds and others wait", async () => {
    await say("The road ends at an inn. Its sign has no name on it.").done;
    await say("Sit down, all of you. And wipe your feet.", { speaker: "mother_harrow" }).done;
    await say("You have your mother's eyes.", { speaker: "mother_harrow", to: ["elara"] }).done;
    server.party.answers.take("elara", { kind: "text", text: "I palm the bell rope.", private: true });
    server.party.answers.take("pip", { kind: "hand", raised: true, private: false });
    say(TALE, { speaker: "mother_harrow" });
    say("Somebody knocks.");
    await phone.locator("main.is-speaking").waitFor();
    await desk.getByText(/^Speaking · [1-9]/).waitFor();
    await desk.getByText("1 line waits").waitFor();
    await expectNoBarriers(phone, "phone-speaking");
    await expectNoBarriers(desk, "desk-speaking");
    await server.silence();
    await phone.getByText("stopped here").first().waitFor();
    await desk.getByText(/^You stopped it after/).waitFor();
  }, 120_000);

  test("what a phone opens: its settings, and an answer", async () => {
    await button(phone, "Settings").click();
    await expectNoBarriers(phone, "phone-settings");
    await button(phone, "Done").click();
    await button(phone, "Answer…").click();
    await phone.getByLabel("What you do or say").fill("I look under the table.");
    await expectNoBarriers(phone, "phone-answer");
    await phone.keyboard.press("Escape");
    await button(phone, "Mute").click();
    await phone.getByText("Muted").waitFor();
    await expectNoBarriers(phone, "phone-muted");
    await button(phone, "Unmute").click();
    await button(phone, "Raise hand").click();
    await phone.getByText("Your hand is up.").waitFor();
    await expectNoBarriers(phone, "phone-hand");
  }, 120_000);

  test("a whisper that is being written, with a tag that there is not, and how a line is said", async () => {
    await button(desk, /^Elara/).click();
    await box().fill("[effect fog]Who is it?[/effect]");
    await desk.getByText("[effect fog] is not known").waitFor();
    await expectNoBarriers(desk, "desk-doubt");
    await desk.getByText("How", { exact: true }).click();
    await expectNoBarriers(desk, "desk-how");
    await desk.locator(".how-menu").getByRole("button", { name: "Close" }).click();
    await button(desk, "Everyone").click();
  }, 120_000);

  test("what stands beside the table: prepared lines, the cast with a sheet, the table", async () => {
    await box().fill("The bell strikes midnight.");
    await button(desk, "Lines").click();
    await button(desk, "Add a line").click();
    await desk.getByLabel("Under the heading").fill("At the inn");
    await expectNoBarriers(desk, "desk-line-form");
    await button(desk, "Keep").click();
    await desk.getByLabel("Prepared lines").getByText("✓ ready").waitFor();
    await box().fill("");
    await expectNoBarriers(desk, "desk-lines");
    await button(desk, "Cast").click();
    await desk.getByText("Whoever has spoken once is kept here").waitFor();
    await expectNoBarriers(desk, "desk-cast");
    await desk
      .locator(".p-cast")
      .getByRole("button", { name: /^Mother Harrow/ })
      .click();
    await desk.getByText(/^Speaks with/).waitFor();
    await expectNoBarriers(desk, "desk-sheet");
    await button(desk, "Table").click();
    await desk.locator(".p-table").getByText("The robot").waitFor();
    await expectNoBarriers(desk, "desk-table");
    await button(desk, "Save the log…").click();
    await expectNoBarriers(desk, "desk-export");
  }, 120_000);

  test("a phone out of touch, back with what it missed, and one whose link is void", async () => {
    wire.goSilent();
    await phone.getByText(/^No word from the table for \d+ seconds/).waitFor();
    await expectNoBarriers(phone, "phone-lost");
    say("The bell rings.");
    say("And stops.");
    await server.party.streams.utterances.at(-1)?.done;
    wire.comeBack();
    await phone.getByText("You are back. You missed 2 lines.").waitFor();
    await expectNoBarriers(phone, "phone-back");
    await server.party.reinvite("elara");
    await phone.getByText("This link no longer works.").waitFor();
    await expectNoBarriers(phone, "phone-void");
  }, 120_000);
});
