import { z } from "zod";
import type { TTSEngine } from "../contract/engine.ts";
import { readAudio } from "./audio/read-audio.ts";
import {
  CLOUD_SAMPLE_RATE,
  type CloudFacts,
  type CloudOptions,
  CloudService,
  cloudFields,
} from "./cloud-service.ts";
import { bytesOf, post, typeOf } from "./net/http.ts";
import type { ServiceCall, ServiceNews, ServiceOrder } from "./net/service.ts";
import type { StandIns } from "./net/stand-in-voices.ts";
import { limitsOf, parseOptions } from "./options.ts";
import { ServiceEngine } from "./service-engine.ts";

/** What the engine `deepgram` may be told. */
export interface DeepgramOptions extends CloudOptions {
  /**
   * Whether the service changes the speed by itself: Aura in English and Spanish only, and Flux, for accounts that have
   * it. Default no: Bardcast does, in every language.
   */
  speed?: boolean;
}

const ENGLISH: StandIns = {
  female: [
    "aura-2-andromeda-en",
    "aura-2-athena-en",
    "aura-2-helena-en",
    "aura-2-luna-en",
    "aura-2-pandora-en",
  ],
  male: ["aura-2-apollo-en", "aura-2-arcas-en", "aura-2-draco-en", "aura-2-orion-en", "aura-2-zeus-en"],
};
/** Aura's voices for those of other engines, by language; it speaks no others. */
const VOICES: Readonly<Record<string, StandIns>> = {
  en: ENGLISH,
  es: { female: ["aura-2-celeste-es", "aura-2-estrella-es"], male: ["aura-2-nestor-es"] },
  de: { female: ["aura-2-viktoria-de", "aura-2-elara-de"], male: ["aura-2-julius-de", "aura-2-fabian-de"] },
  fr: { female: ["aura-2-agathe-fr"], male: ["aura-2-hector-fr"] },
  nl: { female: ["aura-2-rhea-nl", "aura-2-beatrix-nl"], male: ["aura-2-sander-nl", "aura-2-lars-nl"] },
  it: { female: ["aura-2-livia-it", "aura-2-melia-it"], male: ["aura-2-dionisio-it", "aura-2-elio-it"] },
  ja: { female: ["aura-2-izanami-ja", "aura-2-uzume-ja"], male: ["aura-2-fujin-ja", "aura-2-ebisu-ja"] },
};

const FACTS: CloudFacts = {
  kind: "deepgram",
  baseUrl: "https://api.deepgram.com",
  wordTimes: false,
  defaultVoice: "aura-2-thalia-en",
  standIns: ENGLISH,
  languages: Object.keys(VOICES).join(" "),
};
/** Models of the newer family, which are at an address of their own. */
const FLUX = /^flux-/i;
/** How far either goes; what is wanted beyond is left to the audio chain. */
const AURA_SPEED = [0.7, 1.5] as const;
const FLUX_SPEED = [0.85, 1.15] as const;
const SPEED_LANGUAGES = "en es";
/** Flux takes steps, and refuses what lies between them. */
const FLUX_STEP = 0.05;

const schema: z.ZodType<DeepgramOptions> = z.strictObject({
  ...cloudFields("http", "https"),
  speed: z.boolean().exactOptional(),
});

/**
 * Deepgram's Aura and Flux. Voice ids are its models, each of which speaks one language: `aura-2-thalia-en`,
 * `flux-haley-en`.
 * @throws InputError `bad-request` for options that make no sense
 */
export function createDeepgramEngine(options?: DeepgramOptions, name = "deepgram"): TTSEngine {
  const parsed = parseOptions(schema, options, { apiKey: "DEEPGRAM_API_KEY" });
  return new ServiceEngine(name, new DeepgramService(parsed), limitsOf(parsed));
}

class DeepgramService extends CloudService {
  readonly #options: DeepgramOptions;

  constructor(options: DeepgramOptions) {
    const { voice = "", speed = false } = options;
    const spoken = /-([a-z]{2})$/i.exec(voice)?.[1]?.toLowerCase();
    const reach = FLUX.test(voice) ? FLUX_SPEED : AURA_SPEED;
    const languages = spoken ?? (speed ? SPEED_LANGUAGES : FACTS.languages);
    super({ ...FACTS, languages, ...(speed ? { speed: reach } : {}) }, options);
    this.#options = options;
  }

  override standIns(language: string): StandIns | undefined {
    return super.standIns(language) && (VOICES[language.split("-", 1)[0] ?? ""] ?? ENGLISH);
  }

  async *speak(order: ServiceOrder, call: ServiceCall): AsyncGenerator<ServiceNews> {
    const { text } = order;
    const model = this.#modelFor(order);
    const isFlux = FLUX.test(model);
    const query = new URLSearchParams({
      model,
      encoding: "linear16",
      sample_rate: `${CLOUD_SAMPLE_RATE}`,
      // Of Flux it is not known whether it goes without; its WAV is read as well.
      ...(isFlux ? {} : { container: "none" }),
      ...this.#speedOf(order, isFlux),
    });
    const response = await post(`${this.baseUrl}/${isFlux ? "v2" : "v1"}/speak?${query}`, call, {
      headers: { Authorization: `Token ${this.key}` },
      body: { text },
      isVoiceUnknown: (status, words) => [400, 404, 422].includes(status) && /model|voice/i.test(words),
    });
    yield* readAudio(bytesOf(response, call.signal), {
      type: typeOf(response),
      samples: CLOUD_SAMPLE_RATE,
    });
  }

  /** The default voice speaks English; another language is spoken by the first of its own. */
  #modelFor({ voice, language }: ServiceOrder): string {
    if (voice !== FACTS.defaultVoice || this.#options.voice !== undefined) return voice;
    const spoken = language.split("-", 1)[0] ?? "";
    return spoken === "en" ? voice : (VOICES[spoken]?.female[0] ?? voice);
  }

  #speedOf({ speed }: ServiceOrder, isFlux: boolean): { speed?: string } {
    if (!this.#options.speed || speed === 1) return {};
    const [least, most] = FLUX_SPEED;
    const step = Math.round(Math.min(most, Math.max(least, speed)) / FLUX_STEP);
    return { speed: (isFlux ? step * FLUX_STEP : speed).toFixed(2) };
  }
}
