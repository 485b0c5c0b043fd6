import { z } from "zod";
import type { TTSEngine } from "../engine.ts";
import { address, limitsOf, parseOptions, type ServiceOptions, serviceFields } from "./options.ts";
import { Patience } from "./patience.ts";
import { PcmReader } from "./pcm-reader.ts";
import type { ServiceCall, ServiceNews, ServiceOrder, SpeechService } from "./service.ts";
import { ServiceEngine, type ServiceLimits } from "./service-engine.ts";
import { broken, ServiceError } from "./service-error.ts";
import { exchange } from "./tcp.ts";
import { originOf } from "./voice-origin.ts";
import { type WyomingEvent, WyomingReader, wyomingEvent } from "./wyoming-wire.ts";

/** Where servers of this protocol for speech listen, if nothing else is said. */
const DEFAULT_PORT = "10200";

export interface WyomingOptions extends ServiceOptions {
  /** Where the server is, e.g. `tcp://homeassistant.local:10200`; default `WYOMING_URL`. */
  url?: string;
}

const schema: z.ZodType<WyomingOptions> = z.strictObject({ ...serviceFields, url: address("tcp") });

/**
 * A server of the Wyoming protocol, as Home Assistant uses for Piper and others. Voice ids are the server's
 * names, e.g. `en_US-lessac-medium`. It tells no word times.
 * @throws InputError `bad-request` for options that make no sense
 */
export function createWyomingEngine(options?: WyomingOptions, name = "wyoming"): TTSEngine {
  const parsed = parseOptions(schema, options, { url: "WYOMING_URL" });
  const limits = limitsOf(parsed);
  return new ServiceEngine(name, new WyomingService(parsed, limits), limits);
}

class WyomingService implements SpeechService {
  readonly capabilities: SpeechService["capabilities"] = {
    streaming: true,
    wordTimes: false,
    prosody: { speed: false, pitch: false },
  };
  readonly defaultVoice: string;
  readonly missing: string | undefined;
  readonly secrets: readonly string[] = [];
  readonly #options: WyomingOptions;
  readonly #limits: ServiceLimits;
  /** What the server told of itself, by name; empty where it was not reached yet. */
  #voices: ReadonlyMap<string, readonly string[]> = new Map();
  isPrepared: boolean | undefined;

  constructor(options: WyomingOptions, limits: ServiceLimits) {
    this.#options = options;
    this.#limits = limits;
    this.defaultVoice = options.voice ?? "";
    this.missing =
      options.url === undefined
        ? "wyoming needs a server: set WYOMING_URL, for example to tcp://127.0.0.1:10200"
        : undefined;
  }

  get languages(): readonly string[] {
    if (this.#options.languages) return this.#options.languages;
    const told = [...new Set([...this.#voices.values()].flat())];
    return told.length > 0 ? told : ["*"];
  }

  isVoice(id: string): boolean {
    return this.#voices.size > 0 ? this.#voices.has(id) : originOf(id) === undefined;
  }

  /** Asks for the voices. A server that is not there yet is no obstacle: it is asked when there is something to say. */
  async prepare(): Promise<void> {
    if (this.isPrepared) return;
    this.isPrepared = false;
    const patience = new Patience(undefined);
    patience.limit(this.#limits.connectMs, "answer");
    const call: ServiceCall = { signal: patience.signal, connected: () => undefined };
    try {
      for await (const { type, data } of this.#events(wyomingEvent("describe"), call)) {
        if (type !== "info") continue;
        this.#voices = voicesIn(data);
        this.isPrepared = true;
        return;
      }
    } catch {
      // The next sentence finds out.
    } finally {
      patience.close();
    }
  }

  async *speak({ text, voice, language }: ServiceOrder, call: ServiceCall): AsyncGenerator<ServiceNews> {
    const asked = voice === "" ? { language } : { name: voice };
    let reader: { pcm: PcmReader; sampleRate: number } | undefined;
    for await (const { type, data, payload } of this.#events(
      wyomingEvent("synthesize", { text, voice: asked }),
      call,
    )) {
      if (type === "audio-stop") return;
      if (type === "error")
        throw new ServiceError("engine-failed", `the server said: ${data.text ?? data.code}`);
      if (type !== "audio-start" && type !== "audio-chunk") continue;
      reader ??= readerFor(data);
      const { pcm, sampleRate } = reader;
      if (payload.length > 0) yield { samples: pcm.push(payload), sampleRate };
    }
    throw broken();
  }

  async *#events(request: Uint8Array, call: ServiceCall): AsyncGenerator<WyomingEvent, void, undefined> {
    const reader = new WyomingReader();
    const url = new URL(this.#options.url ?? "");
    url.port ||= DEFAULT_PORT;
    for await (const bytes of exchange(url.href, request, call)) yield* reader.push(bytes);
  }
}

function readerFor({ rate, width, channels }: Record<string, unknown>): {
  pcm: PcmReader;
  sampleRate: number;
} {
  const isKnown = typeof rate === "number" && rate >= 8000 && typeof channels === "number" && channels >= 1;
  if (!isKnown || width !== 2)
    throw new ServiceError("engine-failed", "the server's audio is not 16-bit PCM");
  return { pcm: new PcmReader(channels), sampleRate: rate };
}

/** Names of the voices that are installed, and the languages of each. */
function voicesIn(info: Record<string, unknown>): ReadonlyMap<string, readonly string[]> {
  const list = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value : []);
  const voices = list(info.tts).flatMap((program) => list(program.voices));
  return new Map(
    voices.flatMap(({ name, languages, installed }) => {
      const tags = Array.isArray(languages) ? languages : [];
      const spoken = tags.map((tag) => String(tag).toLowerCase().replaceAll("_", "-"));
      return typeof name === "string" && installed !== false ? [[name, spoken] as const] : [];
    }),
  );
}
