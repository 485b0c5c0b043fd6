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
    // The track is kept to see that it ends.
    await page.addInitScript(() => {
      const { mediaDevices } = navigator;
      const ask = mediaDevices.getUserMedia.bind(mediaDevices);
      mediaDevices.getUserMedia = async (constraints) => {
        const stream = await ask(constraints);
        Object.assign(window, { microphone: stream.getAudioTracks()[0] });
        return stream;
      };
    });
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

  /** What has become of the microphone: `live` or `ended`. */
  get microphone(): Promise<string> {
    return this.page.evaluate(
      () => (window as unknown as { microphone: MediaStreamTrack }).microphone.readyState,
    );
  }
}
