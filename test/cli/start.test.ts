import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderUnicodeCompact } from "uqr";
import { firstScreen } from "../../src/cli/start/first-screen.ts";
import { ROOT } from "../support/run.ts";
import { Dm20Client } from "../support/server.ts";

const home = mkdtempSync(join(tmpdir(), "bardcast-start-"));
afterAll(() => rmSync(home, { recursive: true }));

const [ROWS, COLUMNS] = [24, 80];
const FLAGS = ["--port", "0", "--campaign", join(home, "campaign")];
const NPM_START = ["npm", "start", "--silent", "--", ...FLAGS];
const CTRL_C = "\x03";

/** `npm start`, with or without a terminal. */
class Started implements AsyncDisposable {
  readonly #process: Bun.Subprocess<"pipe", "pipe", "inherit">;
  readonly #reading: Promise<void>;
  text = "";

  constructor(command: string[]) {
    const env = { ...process.env, BARDCAST_VOICES_DIR: join(home, "none") };
    this.#process = Bun.spawn(command, { cwd: ROOT, env, stdio: ["pipe", "pipe", "inherit"] });
    this.#reading = this.#read();
  }

  static inTerminal(): Started {
    return new Started([
      "script",
      "--quiet",
      "--flush",
      "--return",
      "--command",
      NPM_START.join(" "),
      "/dev/null",
    ]);
  }

  /** Waits until it has printed so. */
  async until(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.text);
      if (found) return found;
      await Bun.sleep(10);
    }
  }

  /** Waits until it and all it has started have ended; what it printed. */
  async ended(): Promise<string> {
    await this.#reading;
    return this.text;
  }

  async type(keys: string): Promise<void> {
    this.#process.stdin.write(keys);
    await this.#process.stdin.flush();
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill("SIGTERM");
    await this.#reading;
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    for await (const part of this.#process.stdout) this.text += decoder.decode(part, { stream: true });
  }
}

/** Somebody has come by the link that was printed, and hears a line. */
async function hearsLine(started: Started): Promise<Dm20Client> {
  const [, dm = ""] = await started.until(/console, for you alone:\s+(\S+)/);
  const [, link = ""] = await started.until(/thorin +(\S+)/);
  await started.until(/Ctrl\+C/);
  const tokenAt = async (url: string): Promise<string> => {
    const { headers } = await fetch(url, { redirect: "manual" });
    return new URL(headers.get("Location") ?? "", url).searchParams.get("token") ?? "";
  };
  const { origin } = new URL(dm);
  const thorin = new Dm20Client(`${origin}/ws?token=${await tokenAt(link)}`);
  await thorin.until("connected", 1);
  const headers = { Authorization: `Bearer ${await tokenAt(dm)}`, "Content-Type": "application/json" };
  const body = JSON.stringify({ text: "The dragon opens one eye." });
  expect((await fetch(`${origin}/api/speak`, { method: "POST", headers, body })).status).toBe(200);
  return thorin;
}

test("told to end by SIGTERM, npm start says what it waits for, ends in order, and leaves nothing running", async () => {
  await using started = new Started(NPM_START);
  const thorin = await hearsLine(started);
  started.kill("SIGTERM");
  const printed = await started.ended();
  expect(printed).toMatch(
    /^A line is still being heard: [1-4] s\. Ctrl\+C again stops at once\.\nStopped\.$/m,
  );
  while (!thorin.closed) await Bun.sleep(10);
  expect(thorin.closed.code).toBe(1001);
  await expect(fetch(/http:\S+?(?=\/j\/)/.exec(printed)?.[0] ?? "")).rejects.toThrow();
}, 60_000);

test.skipIf(Bun.which("script") === null)(
  "in a terminal, Enter shows one code after the other, each within its rows; Ctrl+C ends in order, a second one at once",
  async () => {
    await using started = Started.inTerminal();
    await started.until(/Ctrl\+C\./);
    const screen = started.text.trimEnd().split(/\r?\n/);
    expect(screen.length).toBeLessThanOrEqual(ROWS);
    const links = [...started.text.matchAll(/^ {2}(thorin|elara|pip) +(http\S+)/gm)];
    expect(links.length).toBe(3);
    for (const [at, [, player, link = ""]] of links.entries()) {
      started.text = "";
      await started.type("\n");
      await started.until(/^Enter: the code of \w+\r?\n/m);
      const rows = started.text.trim().split(/\r?\n/);
      expect(rows.length).toBeLessThan(ROWS);
      expect(rows[0]).toBe(`${player} scans this, or opens ${link}`);
      expect(rows.slice(1, -1).join("\n")).toBe(renderUnicodeCompact(link, { ecc: "L", border: 2 }));
      expect(rows.at(-1)).toBe(`Enter: the code of ${links[(at + 1) % 3]?.[1]}`);
    }
    started.text = screen.join("\n");
    await hearsLine(started);
    await started.type(CTRL_C);
    await started.until(/A line is still being heard/);
    await Bun.sleep(400);
    await started.type(CTRL_C);
    expect(await started.ended()).not.toContain("Stopped.");
  },
  60_000,
);

test("a first screen fits on a terminal, however many players there are and whatever is to be told", () => {
  const dm = "http://192.168.178.100:65535/j/0123456789ab";
  const players = Array.from({ length: 30 }, (_, index) => ({ id: `player-${index}`, url: dm }));
  const voices = "campaign/voice_registry.yaml";
  const voiceOffer = `For voices that sound like people: ${"npm install and more ".repeat(4)}\n(64 MB), or one click.\n`;
  const rows = (screen: readonly string[]): number =>
    screen.reduce((sum, { length }) => sum + Math.max(1, Math.ceil(length / COLUMNS)), 0);
  for (const reach of [undefined, "one\ntwo\nthree"]) {
    for (const count of [0, 1, 3, 8, 30]) {
      const told = { dm, players: players.slice(0, count), reach, voices, voiceOffer, hasCodes: true };
      const screen = firstScreen(told);
      expect(rows(screen)).toBeLessThan(ROWS);
      const listed = screen.filter((line) => line.startsWith("  player-")).length;
      const more = Number(/and (\d+) more/.exec(screen.join("\n"))?.[1] ?? 0);
      expect(listed + more).toBe(count);
      if (count <= 3 && reach === undefined) expect(more).toBe(0);
    }
  }
});
