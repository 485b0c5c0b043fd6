import type { Socket } from "node:net";
import { BoundedQueue } from "../../core/async/bounded-queue.ts";
import { BardcastError, toWire } from "../../core/errors.ts";
import { V2_SAMPLE_RATE } from "../../core/protocol/v2.ts";
import type { TextSource } from "../../core/text/text-source.ts";
import { type WyomingEvent, WyomingReader, wyomingEvent } from "../../engines/services/wyoming-wire.ts";
import type { Party } from "../../party/party.ts";
import type { Speeches } from "../openai/speeches.ts";
import { wyomingInfo } from "./wyoming-info.ts";

/** Bytes of one event: the longest text four times over, for escapes. */
const MAX_EVENT_BYTES = 256 * 1024;
/** Texts of one connection that may wait. */
const MAX_WAITING = 8;
/** Parts of one text that may wait. */
const MAX_PARTS = 10_000;
/** ms for which a program may take nothing of what it was answered. */
const STALL_MS = 15_000;
/** ms for which nothing need be asked. */
const IDLE_MS = 60_000;
const FORMAT = { rate: V2_SAMPLE_RATE, width: 2, channels: 1 };

/** A voice as a client names it: its name, of some models a speaker, or only a language. */
interface NamedVoice {
  name?: unknown;
  speaker?: unknown;
  language?: unknown;
}

/** One connection of a program that speaks Wyoming: texts are spoken one after the other. Whoever hangs up stops the engine. */
export class WyomingConversation {
  readonly #party: Party;
  readonly #speeches: Speeches;
  readonly #socket: Socket;
  readonly #reader = new WyomingReader(MAX_EVENT_BYTES);
  readonly #hungUp = new AbortController();
  #turn: Promise<void> = Promise.resolve();
  #waiting = 0;
  /** A text that is still being written, and how it is to be said. */
  #writing: BoundedQueue<string> | undefined;

  constructor(party: Party, speeches: Speeches, socket: Socket) {
    this.#party = party;
    this.#speeches = speeches;
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setTimeout(IDLE_MS, () => this.#idle());
    socket.on("error", () => socket.destroy());
    socket.on("data", (bytes: Uint8Array) => this.#receive(bytes));
    for (const end of ["end", "close"] as const) socket.on(end, () => this.#end());
  }

  #receive(bytes: Uint8Array): void {
    try {
      for (const event of this.#reader.push(bytes)) {
        if (this.#hungUp.signal.aborted) return;
        this.#take(event);
      }
    } catch (error) {
      this.#refuse(error instanceof BardcastError ? error : undefined);
    }
  }

  #take({ type, data }: WyomingEvent): void {
    if (type === "describe") {
      this.#inTurn(async () => this.#send("info", await wyomingInfo(this.#party)));
    } else if (type === "ping") {
      this.#inTurn(() => this.#send("pong", { text: data.text ?? null }));
    } else if (type === "synthesize") {
      // Of a text that came in parts this is the whole once more, for servers that take no parts.
      if (!this.#writing) this.#say(textOf(data), data);
    } else if (type === "synthesize-start") {
      this.#writing?.close();
      this.#writing = new BoundedQueue(MAX_PARTS);
      this.#say(this.#writing, data);
    } else if (type === "synthesize-chunk") {
      this.#write(textOf(data));
    } else if (type === "synthesize-stop") {
      this.#writing?.close();
      this.#writing = undefined;
    }
    // Others are for other kinds of servers.
  }

  #write(part: string): void {
    if (!this.#writing) throw badRequest("synthesize-chunk comes behind synthesize-start");
    if (part !== "" && !this.#writing.offer(part)) throw badRequest(`a text has ${MAX_PARTS} parts at most`);
  }

  #say(text: TextSource, { voice, text_format: format }: Record<string, unknown>): void {
    const isPart = typeof text !== "string";
    const isBare = format === "ssml" && !isPart && !text.trimStart().startsWith("<speak");
    this.#party.observers.observe({ type: "door.used", door: "wyoming" });
    this.#inTurn(() =>
      this.#speak(isBare ? `<speak>${text}</speak>` : text, (voice ?? {}) as NamedVoice, isPart),
    );
  }

  /** Answers come in the order of what they answer. */
  #inTurn(act: () => Promise<void>): void {
    if (this.#waiting >= MAX_WAITING)
      throw new BardcastError("busy", `${MAX_WAITING} texts wait already: wait for their sound`);
    this.#waiting += 1;
    this.#turn = this.#turn
      .then(() => (this.#hungUp.signal.aborted ? undefined : act()))
      .catch((error) => this.#refuse(error))
      .finally(() => {
        this.#waiting -= 1;
      });
  }

  async #speak(text: TextSource, voice: NamedVoice, isPart: boolean): Promise<void> {
    const { signal } = this.#hungUp;
    const wish = { voice: this.#voiceNamed(voice), model: undefined, speed: 1, instructions: undefined };
    const speech = await this.#speeches.begin(text, { ...wish, format: "pcm" }, signal);
    try {
      let samples = 0;
      await this.#send("audio-start", { ...FORMAT, timestamp: 0 });
      for await (const { bytes } of all(speech)) {
        if (bytes.length === 0) continue;
        const timestamp = Math.round((samples * 1000) / V2_SAMPLE_RATE);
        await this.#send("audio-chunk", { ...FORMAT, timestamp }, bytes);
        samples += bytes.length / FORMAT.width;
      }
      await this.#send("audio-stop", { timestamp: Math.round((samples * 1000) / V2_SAMPLE_RATE) });
      if (isPart) await this.#send("synthesize-stopped");
    } finally {
      speech.close();
    }
  }

  /** Who only names the narrator's language means the narrator; another language is a voice's id as well: `de`. */
  #voiceNamed({ name, speaker, language }: NamedVoice): string | undefined {
    if (typeof name === "string" && name !== "")
      return typeof speaker === "string" && speaker !== "" ? `${name}/${speaker}` : name;
    const own = primary(this.#party.registry.getVoiceConfig("dm").language);
    const wanted = typeof language === "string" ? primary(language) : own;
    return wanted === own ? undefined : wanted;
  }

  /** Resolves when there is room for more. @throws BardcastError `cancelled` where the other side is gone, or takes nothing */
  async #send(type: string, data: Record<string, unknown> = {}, payload?: Uint8Array): Promise<void> {
    const socket = this.#socket;
    const { signal } = this.#hungUp;
    signal.throwIfAborted();
    if (socket.write(wyomingEvent(type, data, payload))) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => socket.destroy(), STALL_MS);
      const over = (settle: () => void) => (): void => {
        clearTimeout(timer);
        socket.off("drain", drained);
        signal.removeEventListener("abort", left);
        settle();
      };
      const drained = over(resolve);
      const left = over(() => reject(signal.reason));
      socket.once("drain", drained);
      signal.addEventListener("abort", left);
    });
  }

  /** Says what is wrong and hangs up: sound without its end never passes for a whole. */
  #refuse(error: unknown): void {
    if (this.#hungUp.signal.aborted) return;
    const { code, message } = toWire(error);
    this.#party.observers.observe({ type: "error.told", code, over: "wyoming" });
    this.#socket.end(wyomingEvent("error", { text: message, code }));
    this.#end();
  }

  #idle(): void {
    if (this.#waiting === 0) this.#socket.destroy();
  }

  #end(): void {
    this.#writing?.close();
    this.#hungUp.abort(new BardcastError("cancelled", "the other side hung up"));
  }
}

async function* all<T>({
  first,
  rest,
}: {
  first: T;
  rest: AsyncIterable<T>;
}): AsyncGenerator<T, void, undefined> {
  yield first;
  yield* rest;
}

function textOf({ text }: Record<string, unknown>): string {
  if (typeof text === "string") return text;
  throw badRequest("there is no text");
}

function primary(language: string): string {
  return language.toLowerCase().split(/[-_]/, 1)[0] ?? "";
}

function badRequest(message: string): BardcastError {
  return new BardcastError("bad-request", message);
}
