import type { Page } from "../browser.ts";
import type { StepTable } from "./step-table.ts";

/** An order that a console sent. */
export interface SentOrder {
  type: string;
  device?: number;
  root?: number;
  momentsAt?: number[];
  ms?: number;
}

/** When the console's ear heard a probe. */
export interface EarFinding {
  root: number;
  /** ms after its moment, on the ear's own clock; undefined: it did not hear it. */
  lateMs: number | undefined;
}

/** A game master's console at a table of real pages, with a microphone. */
export class TuningConsole {
  readonly page: Page;
  /** What it said to the server, as it was sent. */
  readonly sent: (string | Buffer)[] = [];

  static async open(table: StepTable): Promise<TuningConsole> {
    const [first] = table.pages;
    if (!first) throw new Error("nobody is at the table");
    const context = first.context();
    await context.grantPermissions(["microphone"]);
    const page = await context.newPage();
    const console_ = new TuningConsole(page);
    await page.addInitScript(watchEar);
    await page.setViewportSize({ width: 1280, height: 800 });
    const port = new URL(table.server.url).port;
    await page.goto(`http://127.0.0.1:${port}/dm?token=${await table.server.party.tokens.issueDm()}`);
    await page.getByRole("button", { name: "Table" }).click();
    await page.getByRole("button", { name: "Tune the room" }).click();
    return console_;
  }

  private constructor(page: Page) {
    this.page = page;
    page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => this.sent.push(payload)));
  }

  /** Tunes the room; resolves with what is told of the devices. */
  async tune(): Promise<string[]> {
    await this.page.getByRole("button", { name: /Listen to the devices|Tune again/ }).click();
    return this.#tuned();
  }

  /** The same by the phone of a player, who allows it. */
  async tuneBy(phone: Page, name: string): Promise<string[]> {
    await phone.context().grantPermissions(["microphone"]);
    await this.page.getByText("No microphone here?").click();
    await this.page.getByRole("button", { name: `Listen with ${name}’s phone` }).click();
    await this.page.getByText(`${name}’s phone asks whether it may listen`).waitFor();
    await phone.getByRole("button", { name: "Listen", exact: true }).click();
    return this.#tuned();
  }

  async #tuned(): Promise<string[]> {
    await this.page.getByRole("button", { name: "Tune again" }).waitFor({ timeout: 60_000 });
    return this.page.locator(".tunings > li").allInnerTexts();
  }

  /** Orders to devices so far. */
  get orders(): SentOrder[] {
    return this.sent
      .filter((payload) => typeof payload === "string")
      .map((payload): SentOrder => JSON.parse(payload))
      .filter(({ type }) => type.startsWith("tune."));
  }
}

/** What a page has heard since its microphone was opened last. */
export function findingsOf(page: Page): Promise<EarFinding[]> {
  return page.evaluate(() => (window as unknown as { findings: EarFinding[] }).findings);
}

/** What has become of a page's microphone: `live` or `ended`. */
export function microphoneOf(page: Page): Promise<string> {
  return page.evaluate(() => (window as unknown as { microphone: MediaStreamTrack }).microphone.readyState);
}

/** Notes what becomes of a page's microphone, and what its ear says. Runs in the page before its own scripts. */
export function watchEar(): void {
  const { mediaDevices } = navigator;
  const ask = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints) => {
    const stream = await ask(constraints);
    Object.assign(window, { microphone: stream.getAudioTracks()[0], findings: [] });
    return stream;
  };
  const post = Worker.prototype.postMessage as (this: Worker, ...args: unknown[]) => void;
  const roots = new WeakMap<Worker, Map<number, number>>();
  (Worker.prototype as { postMessage: unknown }).postMessage = function (this: Worker, ...args: unknown[]) {
    const [{ type, id, root }] = args as [{ type?: string; id: number; root: number }];
    if (type === "find") {
      const asked = roots.get(this) ?? new Map<number, number>();
      if (!roots.has(this))
        this.addEventListener("message", ({ data }) => {
          const { findings } = window as unknown as { findings: unknown[] };
          if (data.type === "found")
            findings.push({ root: asked.get(data.id), lateMs: data.isHeard ? data.lateMs : undefined });
        });
      roots.set(this, asked.set(id, root));
    }
    post.apply(this, args);
  };
}
