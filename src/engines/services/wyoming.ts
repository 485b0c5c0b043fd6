import { z } from "zod";
import type { TTSEngine } from "../contract/engine.ts";
import type { EngineVoice } from "../contract/engine-voice.ts";
import { isReadable, type PcmFormat, plainPcm } from "./audio/pcm-reader.ts";
import { readAudio } from "./audio/read-audio.ts";
import { Patience } from "./net/patience.ts";
import type { ServiceCall, ServiceNews, ServiceOrder, SpeechService } from "./net/service.ts";
import { broken, ServiceError } from "./net/service-error.ts";
import { exchange } from "./net/tcp.ts";
import { address, limitsOf, parseOptions, type ServiceOptions, serviceFields } from "./options.ts";
import { ServiceEngine, type ServiceLimits } from "./service-engine.ts";
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

  listVoices(): readonly EngineVoice[] {
    return [...this.#voices].map(([id, languages]) => ({ id, languages }));
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
    const request = wyomingEvent("synthesize", { text, voice: asked });
    let format: PcmFormat | undefined;
    const payloads = audioOf(this.#events(request, call), (data) => {
      format ??= formatOf(data);
    });
    yield* readAudio(payloads, () => ({ samples: format ?? plainPcm(0) }));
  }

  async *#events(request: Uint8Array, call: ServiceCall): AsyncGenerator<WyomingEvent, void, undefined> {
    const reader = new WyomingReader();
    const url = new URL(this.#options.url ?? "");
    url.port ||= DEFAULT_PORT;
    for await (const bytes of exchange(url.href, request, call)) yield* reader.push(bytes);
  }
}

/** The sound in a server's events. @param onFormat told what each event says of the samples */
async function* audioOf(
  events: AsyncIterable<WyomingEvent>,
  onFormat: (data: Record<string, unknown>) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const { type, data, payload } of events) {
    if (type === "audio-stop") return;
    if (type === "error") throw refusal(data);
    if (type !== "audio-start" && type !== "audio-chunk") continue;
    onFormat(data);
    if (payload.length > 0) yield payload;
  }
  throw broken();
}

/** wyoming-piper lists every voice that it could download, and says only when it is asked that it has not got it. */
function refusal({ code, text }: Record<string, unknown>): ServiceError {
  const words = [code, text].filter((part) => part !== undefined && part !== null).join(": ");
  const isVoiceUnknown = /voice/i.test(String(code)) && /not.?found|unknown/i.test(String(code));
  return new ServiceError(isVoiceUnknown ? "voice-unknown" : "engine-failed", `the server said: ${words}`);
}

function formatOf({ rate, width, channels }: Record<string, unknown>): PcmFormat {
  if (typeof rate === "number" && typeof width === "number" && typeof channels === "number") {
    const format = { ...plainPcm(rate), bytes: width, channels };
    if (rate >= 8000 && width >= 2 && isReadable(format)) return format;
  }
  throw new ServiceError("engine-failed", "the server's audio is not PCM of 16, 24 or 32 bits");
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
