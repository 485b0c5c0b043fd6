import type { Reach } from "../contract/prosody.ts";
import type { ServiceCall, ServiceNews, ServiceOrder, SpeechService } from "./net/service.ts";
import type { StandIns } from "./net/stand-in-voices.ts";
import { address, type ServiceOptions, serviceFields, text } from "./options.ts";
import { originOf } from "./voice-origin.ts";

/** Hz, of all that is asked for. */
export const CLOUD_SAMPLE_RATE = 24_000;

export interface CloudOptions extends ServiceOptions {
  /** Default the environment's `CARTESIA_API_KEY`, `DEEPGRAM_API_KEY`, `ELEVENLABS_API_KEY`. */
  apiKey?: string;
  /** Default the service's own. */
  baseUrl?: string;
}

/** Fields of `CloudOptions`, for the schema of a service. @param schemes of its address */
export function cloudFields(...schemes: string[]): typeof serviceFields & {
  apiKey: typeof text;
  baseUrl: ReturnType<typeof address>;
} {
  return { ...serviceFields, apiKey: text, baseUrl: address(...schemes) };
}

/** The facts in which these services differ. */
export interface CloudFacts {
  kind: "cartesia" | "deepgram" | "elevenlabs";
  baseUrl: string;
  wordTimes: boolean;
  /** What it sees to of a voice's speed; by default nothing. */
  speed?: Reach;
  defaultVoice: string;
  /** For voices of other engines, where the table's own default was not given. */
  standIns: StandIns;
  /** BCP 47 tags, lower-cased, spaces between them. */
  languages: string;
}

/** What the services that sell speech have in common: a key, and voices that are told by their look. */
export abstract class CloudService implements SpeechService {
  readonly capabilities: SpeechService["capabilities"];
  readonly languages: readonly string[];
  readonly defaultVoice: string;
  readonly missing: string | undefined;
  readonly secrets: readonly string[];
  protected readonly key: string;
  /** Without a slash at its end. */
  protected readonly baseUrl: string;
  readonly #kind: CloudFacts["kind"];
  readonly #standIns: StandIns | undefined;

  constructor(facts: CloudFacts, options: CloudOptions) {
    const { apiKey: key } = options;
    this.#kind = facts.kind;
    this.key = key ?? "";
    this.baseUrl = (options.baseUrl ?? facts.baseUrl).replace(/\/+$/, "");
    this.secrets = key === undefined ? [] : [key];
    this.missing =
      key === undefined ? `${facts.kind} needs a key: set ${facts.kind.toUpperCase()}_API_KEY` : undefined;
    this.defaultVoice = options.voice ?? facts.defaultVoice;
    this.#standIns = options.voice === undefined ? facts.standIns : undefined;
    this.languages = options.languages ?? facts.languages.split(" ");
    this.capabilities = {
      streaming: true,
      wordTimes: facts.wordTimes,
      sampleRate: CLOUD_SAMPLE_RATE,
      // Their own speeds go from 0.6 to 1.5, or less far.
      prosody: { speed: facts.speed ?? false, pitch: false },
    };
  }

  isVoice(id: string): boolean {
    return originOf(id) === this.#kind;
  }

  standIns(_language: string): StandIns | undefined {
    return this.#standIns;
  }

  abstract speak(order: ServiceOrder, call: ServiceCall): AsyncIterable<ServiceNews>;
}
