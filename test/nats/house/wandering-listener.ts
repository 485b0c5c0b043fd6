import type { Frame } from "../../../src/core/protocol/frame.ts";
import { Dm20Client } from "../../support/server.ts";
import { V2SocketClient } from "../../support/v2-socket-client.ts";
import { eventually } from "./house.ts";
import { Wanderer } from "./wanderer.ts";

/** A frame, and which of the listener's connections it came by. */
export interface HeardFrame {
  frame: Frame;
  client: number;
}

/** A listener on the dm20 wire. */
export class Dm20Wanderer extends Wanderer<Dm20Client> {
  /** All that this listener was told, as text. */
  get all(): string {
    return JSON.stringify(this.clients.flatMap(({ messages }) => messages));
  }

  protected override connect(url: string): Dm20Client {
    return new Dm20Client(url);
  }

  protected override async greet(client: Dm20Client, isClosed: () => boolean): Promise<void> {
    await eventually(async () => isClosed() || client.of("connected").length > 0);
  }
}

/** A listener on the v2 wire, who goes on where they were. */
export class WanderingListener extends Wanderer<V2SocketClient> {
  /** Texts as they were told, in order, each once: a line and its sentence's number. */
  get texts(): string[] {
    const texts = this.clients.flatMap((client) => client.of("speech.text").filter(({ words }) => !words));
    return texts.map(({ utterance, sentence }) => `${utterance} ${sentence}`);
  }

  /** All that this listener was told, as text. */
  get all(): string {
    return JSON.stringify(this.clients.flatMap(({ messages }) => messages));
  }

  /** Lines by their handles. */
  get lines(): Map<number, string> {
    const begins = this.clients.flatMap((client) => client.of("speech.begin"));
    return new Map(begins.map(({ handle, utterance }) => [handle, utterance]));
  }

  /** How a line ended, if it has. */
  endOf(utterance: string): { chunks: number | undefined; isBrokenOff: boolean } | undefined {
    for (const client of this.clients) {
      const end = client.of("speech.end").find((each) => each.utterance === utterance);
      if (end) return { chunks: end.chunks, isBrokenOff: end.brokenOff === true };
      if (client.of("speech.cancel").some((each) => each.utterance === utterance))
        return { chunks: undefined, isBrokenOff: true };
    }
    return undefined;
  }

  /** Sound of each line, in the order in which it came, by the line's handle. */
  get sound(): Map<number, HeardFrame[]> {
    const sound = new Map<number, HeardFrame[]>();
    for (const [client, { frames }] of this.clients.entries())
      for (const frame of frames) {
        const heard = sound.get(frame.handle);
        if (heard) heard.push({ frame, client });
        else sound.set(frame.handle, [{ frame, client }]);
      }
    return sound;
  }

  /** Of one line. */
  soundOf(utterance: string): HeardFrame[] {
    const [handle] = [...this.lines].find(([, line]) => line === utterance) ?? [];
    return (handle === undefined ? undefined : this.sound.get(handle)) ?? [];
  }

  protected override connect(url: string): V2SocketClient {
    return new V2SocketClient(url);
  }

  protected override async greet(client: V2SocketClient, isClosed: () => boolean): Promise<void> {
    const resume = this.#resume;
    client.say({ type: "hello", codecs: ["pcm16"], ...(resume ? { resume } : {}) });
    await eventually(async () => isClosed() || client.of("welcome").length > 0);
  }

  get #resume(): object | undefined {
    const messages = this.clients.flatMap((client) => client.messages);
    const welcome = messages.find((message) => message.type === "welcome");
    if (!welcome) return undefined;
    const offset = Math.max(
      welcome.offset,
      ...messages.map((message) => ("offset" in message ? message.offset : 0)),
    );
    const over = new Set(
      messages.flatMap((message) =>
        message.type === "speech.end" || message.type === "speech.cancel" ? message.utterance : [],
      ),
    );
    const frames = this.clients.flatMap((client) => client.frames);
    const utterances = messages.flatMap((message) => {
      if (message.type !== "speech.begin" || over.has(message.utterance)) return [];
      const last = frames.findLast(({ handle }) => handle === message.handle);
      return [[message.handle, last?.sequence ?? -1]];
    });
    return { epoch: welcome.epoch, offset, utterances };
  }
}
