import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { hasChromium } from "../support/browser.ts";
import { namesIn, PLAYERS, Table } from "./table.ts";

const BELL = "The bell strikes midnight.";
/** Long enough to be cut off on a machine that is busy with other things: half a minute. */
const TALE =
  "Long ago a king lived here who counted his gold every night, and every night there was less of it. " +
  "He had the doors walled up, and then the windows, and at last he sat in the dark and counted by touch. " +
  "What he counted in the end nobody knows, for the gold had long been carried off by those who had built the walls. " +
  "But on a night like this, with your ear against the stones, you can still hear how he begins again.";
/** Long enough for the console to look up what waits meanwhile. */
const SCREAM = "A scream! It comes from below, from where the king is said to count.";

describe.skipIf(!hasChromium)("an evening at the table, by what people see and press", () => {
  let table: Table;

  beforeAll(async () => {
    table = await Table.open();
  }, 240_000);
  afterAll(() => table?.[Symbol.asyncDispose]());

  test("three phones join by the codes that the console shows", async () => {
    const { desk } = table;
    await table.button("Show the codes").click();
    await Promise.all(
      PLAYERS.map(async (player) => {
        const card = desk.locator(".card", { has: desk.getByRole("heading", { name: player }) });
        await card.getByRole("img", { name: `Code with ${player}’s link` }).waitFor();
        await table.join(player, await card.locator("input.card-link").inputValue());
        await card.getByText("At the table").waitFor();
      }),
    );
    await table.button("Done").click();
    await desk.getByText("3 of 3 here").waitFor();
  }, 240_000);

  test("what is said to everyone is read by all, and a whisper by one", async () => {
    await table.say("The lamp goes out.");
    await table.seat("Elara").click();
    await table.button("Whisper to Elara").waitFor();
    await table.say("A hand takes yours.", ["Elara"]);
    await table.phone("Elara").getByText("Game master whispers to you").waitFor();
    await table.untilHeard("The lamp goes out.");
    await table.untilHeard("A hand takes yours.", ["Elara"]);
    await table.button(/^Everyone/).click();
    await table.expectRead();
  }, 240_000);

  test("whoever is typed in speaks, is in the cast from then on, and keeps the voice", async () => {
    const as = table.desk.getByRole("combobox", { name: "Who speaks: type a name" });
    await as.fill("Mother Harrow");
    await table.say("Sit down, all of you.");
    await table.phone("Thorin").locator(".caption", { hasText: "Mother Harrow" }).waitFor();
    const voice = await voiceOf("Mother Harrow");
    await table.button("Speak as them").click();
    await table.say("And eat.");
    await table.phone("Pip").locator(".caption", { hasText: "Mother Harrow" }).nth(1).waitFor();
    expect(await voiceOf("Mother Harrow")).toBe(voice);
    await as.fill("Game master");
    await table.untilHeard("Sit down, all of you.");
    await table.untilHeard("And eat.");
    await table.expectRead();
  }, 240_000);

  async function voiceOf(name: string): Promise<string | null> {
    await table.button("Cast").click();
    const back = table.button("‹ Cast");
    if (await back.isVisible()) await back.click();
    await table.desk
      .locator(".p-cast")
      .getByRole("button", { name: new RegExp(`^${name}`) })
      .click();
    return table.desk.getByText(/^Speaks with .+\./).textContent();
  }

  test("a line that is cut off goes on after what interrupted it, and shows where it was stopped", async () => {
    await table.say(TALE);
    await table.phone("Thorin").locator("main.is-speaking").waitFor();
    await table.untilSpeaking(TALE);
    await table.box().fill(SCREAM);
    await table.button("Interrupt").click();
    table.expects(SCREAM);
    await table.desk.getByText("Interrupted, goes on after").waitFor();
    await table.untilHeard(SCREAM);
    await table.untilSpeaking(TALE);
    await table.phone("Pip").locator(".caption.is-current", { hasText: TALE }).waitFor();
    await table.desk.keyboard.press("Escape");
    const stopped = /^You stopped it after \d+ of \d+ seconds\. (.+) heard that much\.$/;
    expect(namesIn(stopped.exec(await table.outcomeOf(TALE))?.[1])).toEqual(
      namesIn("Thorin, Elara, and Pip"),
    );
    for (const player of PLAYERS) await table.phone(player).getByText("stopped here").waitFor();
    await table.expectRead();
  }, 240_000);

  test("a prepared line is said by its key", async () => {
    await table.button("Lines").click();
    await table.box().fill(BELL);
    await table.button("Add a line").click();
    await table.button("Keep").click();
    await table.desk.getByLabel("Prepared lines").getByText("✓ ready").waitFor();
    await table.box().fill("");
    await table.button("Lines").focus();
    await table.desk.keyboard.press("1");
    table.expects(BELL);
    await table.untilHeard(BELL);
    await table.expectRead();
  }, 240_000);

  test("a phone that falls asleep gets what it missed when it wakes, in order and once", async () => {
    await table.putToSleep("SIGSTOP");
    await table.say("Steps come closer.");
    await table.say("They stop at your door.");
    for (const text of ["Steps come closer.", "They stop at your door."])
      expect(await table.outcomeOf(text)).toMatch(
        /^Heard by (Thorin and Elara|Elara and Thorin)\. Pip slept after 0 of \d seconds\.$/,
      );
    await table.putToSleep("SIGCONT");
    await table.say("Somebody knocks.");
    await table.untilHeard("Somebody knocks.");
    await table.expectRead();
  }, 240_000);

  test("a player raises a hand and writes to the game master alone, who sees both", async () => {
    const thorin = table.phone("Thorin");
    await thorin.getByRole("button", { name: "Raise hand" }).click();
    await table.seat("Thorin").filter({ hasText: "hand up" }).waitFor();
    await table.button(/^Hand down/).click();
    await thorin.getByRole("button", { name: "Raise hand" }).waitFor();
    await thorin.getByRole("button", { name: "Answer…" }).click();
    await thorin.getByLabel("What you do or say").fill("I hold the door.");
    await thorin.getByRole("button", { name: "Send to the game master" }).click();
    await table.talk("I hold the door.").getByText("to you alone").waitFor();
    await thorin.getByText("You, to the game master alone").waitFor();
    table.expects("I hold the door.", ["Thorin"]);
    await table.expectRead();
  }, 240_000);

  test("at a table with one loudspeaker all read, one phone is heard, and every phone says so", async () => {
    const { desk } = table;
    await table.button("Table").click();
    const choice = desk.getByRole("group", { name: "The sound comes from" });
    await choice.getByLabel("Elara").check();
    for (const player of ["Thorin", "Pip"] as const)
      await table
        .phone(player)
        .getByText("The table listens to Elara’s device. Here you hear whispers.")
        .waitFor();
    await table.phone("Elara").getByText("Whispers to you are only shown.").waitFor();
    await table.say("One voice fills the room.");
    expect(await table.outcomeOf("One voice fills the room.")).toMatch(
      /^Heard by Elara\. (Thorin and Pip|Pip and Thorin) got only the text\.$/,
    );
    await choice.getByLabel("Every device").check();
    await table.phone("Elara").getByText("Whispers to you are only shown.").waitFor({ state: "detached" });
    await table.expectRead();
  }, 240_000);

  test("a server that is told to end says its line to the end, and is back for everybody with its next start", async () => {
    await table.say("The candle burns down.");
    await table
      .talk("The candle burns down.")
      .getByText(/^Speaking/)
      .waitFor();
    await table.restart(async () => expect(await table.stopServer()).toBe(0));
    await table.untilHeard("The candle burns down.");
    await table.say("The dust settles.");
    await table.untilHeard("The dust settles.");
    await table.expectRead();
  }, 240_000);

  test("a server that is killed in the middle of a line has everybody back, every text is there once, and knows who heard what they had of it", async () => {
    const tale = "Hear how the king began, before he counted anything: with a lamp, a sack and a spade.";
    await table.say(tale);
    await table.untilSpeaking(tale);
    // Phones have all of it, and go on with that.
    await table.untilSent(tale);
    await table.expectRead();
    await table.restart(table.killServer);
    for (const player of PLAYERS) await table.phone(player).locator("main:not(.is-speaking)").waitFor();
    await table.untilHeard(tale);
    await table.say(
      "It is quiet now, and for a long while nothing stirs in the hall but the rain on the stones.",
    );
    await table.untilHeard(
      "It is quiet now, and for a long while nothing stirs in the hall but the rain on the stones.",
    );
    await table.expectRead();
  }, 240_000);

  test("a line is heard again on one phone alone", async () => {
    const elara = table.phone("Elara");
    await elara.getByRole("button", { name: "Settings" }).click();
    await elara.getByRole("button", { name: "Replay the last line" }).click();
    await elara.getByText("Hearing it again").waitFor();
    expect(await table.phone("Thorin").locator("main.is-speaking").count()).toBe(0);
    await elara.locator("main:not(.is-speaking)").waitFor();
    await table.expectRead();
  }, 240_000);

  test("the log that is saved has what was said, in order", async () => {
    const { desk, said } = table;
    await table.button("Save the log…").click();
    await desk.getByLabel("With whispers").check();
    const [file] = await Promise.all([desk.waitForEvent("download"), table.button("Save").click()]);
    await desk.getByText(`Saved ${said.length} lines.`).waitFor();
    const markdown = await Bun.file(await file.path()).text();
    const entries = markdown.trim().split("\n\n").slice(1);
    expect(entries.map((entry) => entry.split("  \n")[1])).toEqual(said);
    expect(entries[1]).toStartWith("**Game master** *(whispers to Elara)*");
    expect(entries[2]).toStartWith("**Mother Harrow**");
  }, 240_000);

  test("no page has met with an error", () => {
    expect(table.errors).toEqual([]);
  });
});
