import { expect } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import type { PartyStatus } from "../../src/core/protocol/api.ts";
import { ServerProcess } from "../runtime/server-process.ts";
import { type Browser, launchForMany, type Page } from "../support/browser.ts";
import { ROOT } from "../support/run.ts";

const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

export const PLAYERS = ["Thorin", "Elara", "Pip"] as const;
export type Player = (typeof PLAYERS)[number];

/** A server in a process of its own, the game master's desk and three phones, known by what people see and press. */
export class Table {
  readonly desk: Page;
  /** What was said, in order of the log: as the lines ended. */
  readonly said: string[] = [];
  /** What pages met with that they should not. */
  readonly errors: string[] = [];
  readonly #home: string;
  #server: ServerProcess;
  readonly #browser: Browser;
  /** Pip's, to be put to sleep alone. */
  readonly #sleeper: Browser;
  readonly #phones = new Map<Player, Page>();
  /** What each player is to have read by now, in order. */
  readonly #read = new Map<Player, string[]>(PLAYERS.map((player) => [player, []]));
  #isServing = true;

  private constructor(home: string, server: ServerProcess, browsers: [Browser, Browser], desk: Page) {
    this.#home = home;
    this.#server = server;
    [this.#browser, this.#sleeper] = browsers;
    this.desk = desk;
    this.#watch("the desk", desk);
  }

  /** The console is open, and nobody has come. */
  static async open(): Promise<Table> {
    const home = mkdtempSync(join(tmpdir(), "bardcast-evening-"));
    const [server, ...browsers] = await Promise.all([serve(home, "0"), launchForMany(), launchForMany()]);
    const table = new Table(home, server, browsers, await newPage(browsers[0], DESK));
    await table.desk.goto(server.line.dm.url);
    await table.desk.getByText("The table is quiet.").waitFor();
    return table;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#browser.close(), this.#sleeper.close(), this.#server[Symbol.asyncDispose]()]);
    rmSync(this.#home, { recursive: true, force: true });
  }

  phone(player: Player): Page {
    const page = this.#phones.get(player);
    if (!page) throw new Error(`${player} has no phone`);
    return page;
  }

  box = (): Locator => this.desk.getByRole("textbox", { name: "What is said" });
  seat = (player: Player): Locator => this.desk.getByRole("button", { name: new RegExp(`^${player}`) });
  talk = (text: string): Locator => this.desk.locator(".talk").filter({ hasText: text });
  button = (name: string | RegExp): Locator => this.desk.getByRole("button", { name, exact: true });

  /** Opens the link of a player's card, and lights the candle. */
  async join(player: Player, link: string): Promise<void> {
    const phone = await newPage(player === "Pip" ? this.#sleeper : this.#browser, PHONE);
    this.#phones.set(player, phone);
    this.#watch(player, phone);
    await phone.goto(link);
    await phone.getByRole("heading", { name: player }).waitFor();
    await phone.getByRole("button", { name: "Tap to listen" }).click();
    await phone.getByText("Listening").waitFor();
  }

  /** Writes a line and presses Enter. @param to who reads it */
  async say(text: string, to: readonly Player[] = PLAYERS): Promise<void> {
    await this.box().fill(text);
    await this.box().press("Enter");
    this.expects(text, to);
  }

  /** They are to read this next. */
  expects(text: string, to: readonly Player[] = PLAYERS): void {
    for (const player of to) this.#read.get(player)?.push(text);
  }

  /** What is shown of a line that has ended. */
  async outcomeOf(text: string): Promise<string> {
    const outcome = this.talk(text).locator(".outcome", { hasNotText: "Speaking" });
    await outcome.waitFor();
    this.said.push(text);
    return (await outcome.textContent()) ?? "";
  }

  /**
   * The line has ended, and the log names those it was for, and nobody else, as who heard it: all of it, or where a
   * busy machine began late, how much.
   */
  async untilHeard(text: string, by: readonly Player[] = PLAYERS): Promise<void> {
    const words = await this.outcomeOf(text);
    const fates = [
      ...words.matchAll(/Heard by (.+?)\.(?: |$)|(.+?) heard [\d.]+ of [\d.]+ seconds\.(?: |$)/g),
    ];
    const names = fates.flatMap(([, all, some]) => namesIn(all ?? some)).sort();
    const isAll = fates.map(([fate]) => fate).join("") === words;
    expect([text, isAll ? names : words]).toEqual([text, [...by].sort()]);
  }

  /** Some of the line was heard. */
  untilSpeaking(text: string): Promise<void> {
    return this.talk(text)
      .getByText(/^Speaking · [1-9]/)
      .waitFor();
  }

  /** All of the line's sound has left the server. */
  async untilSent(text: string): Promise<void> {
    const { url, dm } = this.#server.line;
    for (;;) {
      const answer = await fetch(`${url}/api/status`, { headers: { Authorization: `Bearer ${dm.token}` } });
      const { queue } = (await answer.json()) as PartyStatus;
      if (!queue.some((line) => line.text === text && line.state !== "draining")) return;
      await Bun.sleep(20);
    }
  }

  /** Everyone has read what was for them, once and in order, and nothing else. */
  async expectRead(): Promise<void> {
    for (const player of PLAYERS) {
      const expected = this.#read.get(player) ?? [];
      const captions = this.phone(player).locator(".caption-text");
      await captions
        .filter({ hasText: expected.at(-1) ?? "" })
        .first()
        .waitFor();
      const texts = (await captions.allTextContents()).map((text) => text.trim());
      expect([player, texts]).toEqual([player, expected]);
    }
  }

  /** All that runs on Pip's phone stands still, or goes on, as with a lock: what is sent to it waits. */
  async putToSleep(signal: "SIGSTOP" | "SIGCONT"): Promise<void> {
    const session = await this.#sleeper.newBrowserCDPSession();
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    await session.detach();
    for (const { type, id } of processInfo) if (type === "renderer") process.kill(id, signal);
  }

  /** Tells the server to end, as Ctrl+C does. @returns its exit code */
  stopServer = (): Promise<number> => {
    this.#server.stop();
    return this.#server.exited;
  };

  killServer = (): Promise<void> => this.#server[Symbol.asyncDispose]();

  /** Ends the server as `end` does, has every page notice, and starts it again at the same address. */
  async restart(end: () => Promise<unknown>): Promise<void> {
    const { port } = new URL(this.#server.line.url);
    this.#isServing = false;
    await end();
    await this.desk.getByText("Out of touch").waitFor();
    for (const player of PLAYERS) await this.phone(player).locator("main:not(.is-listening)").waitFor();
    this.#server = await serve(this.#home, port);
    // How long pages wait between two attempts is tested elsewhere.
    for (const player of PLAYERS) await this.phone(player).evaluate(() => dispatchEvent(new Event("online")));
    await this.desk.getByText("3 of 3 here").waitFor();
    for (const player of PLAYERS) await this.phone(player).locator("main.is-listening").waitFor();
    this.#isServing = true;
  }

  #watch(name: string, page: Page): void {
    page.on("pageerror", (error) => this.errors.push(`${name}: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() !== "error") return;
      // That a server which ends or is not there was asked, a browser says by itself.
      if (this.#isServing || !/ERR_|WebSocket|503/.test(message.text()))
        this.errors.push(`${name}: ${message.text()}`);
    });
  }
}

/** The names in a list of them, which stand in the order in which the phones came to the table. */
export function namesIn(list = ""): string[] {
  return list.split(/,? and |, /).sort();
}

function serve(home: string, port: string): Promise<ServerProcess> {
  const main = [process.execPath, `${ROOT}/src/cli/main.ts`, "--json", "--host", "127.0.0.1"];
  return ServerProcess.start([...main, "--campaign", home, "--port", port], ROOT);
}

async function newPage(browser: Browser, viewport: typeof DESK): Promise<Page> {
  const context = await browser.newContext({ viewport, reducedMotion: "reduce" });
  context.setDefaultTimeout(60_000);
  return context.newPage();
}
