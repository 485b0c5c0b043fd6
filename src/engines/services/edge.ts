import { z } from "zod";
import { randomId } from "../../core/id.ts";
import type { TTSEngine } from "../contract/engine.ts";
import { importDecoder } from "./audio/mp3.ts";
import { readAudio } from "./audio/read-audio.ts";
import { edgeMessage, edgeSsml, parseEdgeMessage, secMsGec } from "./edge-wire.ts";
import { objectIn } from "./net/lines.ts";
import type { ServiceCall, ServiceNews, ServiceOrder, ServiceWords, SpeechService } from "./net/service.ts";
import { broken, ServiceError } from "./net/service-error.ts";
import type { StandIns } from "./net/stand-in-voices.ts";
import { converse } from "./net/web-socket.ts";
import { address, limitsOf, parseOptions, type ServiceOptions, serviceFields, text } from "./options.ts";
import { ServiceEngine } from "./service-engine.ts";
import { originOf } from "./voice-origin.ts";
import { WordFinder } from "./word-finder.ts";

/** What the engine `edge` may be told. */
export interface EdgeOptions extends ServiceOptions {
  /** Default Microsoft's. */
  url?: string;
  /** The version of Edge to appear as, `143.0.3650.75`; the service refuses old ones now and then. */
  version?: string;
  /** The token that every Edge has. */
  clientToken?: string;
}

const URL_OF_EDGE = "wss://speech.platform.bing.com/consumer/speech/synthesize/readaloud/edge/v1";
/** No secret: it is the same in every copy of the browser. */
const CLIENT_TOKEN = "6A5AA1D4EAFF4E9FB37E23D68491D6F4";
const VERSION = "143.0.3650.75";
const FORMAT = "audio-24khz-48kbitrate-mono-mp3";
const SAMPLE_RATE = 24_000;
/** It speaks the language of the text. */
const DEFAULT_VOICE = "en-US-AvaMultilingualNeural";
/** The others that do. */
const STAND_INS: StandIns = {
  female: [DEFAULT_VOICE, "en-US-EmmaMultilingualNeural"],
  male: ["en-US-AndrewMultilingualNeural", "en-US-BrianMultilingualNeural"],
};
const ENGLISH_STAND_INS: StandIns = {
  female: [...STAND_INS.female, "en-GB-SoniaNeural", "en-GB-LibbyNeural", "en-IE-EmilyNeural"],
  male: [...STAND_INS.male, "en-GB-RyanNeural", "en-GB-ThomasNeural", "en-IE-ConnorNeural"],
};
/** ms that two clocks may differ before the service refuses the token. */
const TOLERATED_SKEW_MS = 60_000;
/** Units of 100 ns in a ms. */
const TICKS_PER_MS = 10_000;

const schema: z.ZodType<EdgeOptions> = z.strictObject({
  ...serviceFields,
  url: address("ws", "wss"),
  version: text,
  clientToken: text,
});

/**
 * The voices that Microsoft Edge reads pages with, with word times; no key, no promise: the service is not
 * meant for others and may refuse them any day. Voice ids are its names, e.g. `en-GB-RyanNeural`.
 * @throws InputError `bad-request` for options that make no sense
 */
export function createEdgeEngine(options?: EdgeOptions, name = "edge"): TTSEngine {
  const parsed = parseOptions(schema, options);
  return new ServiceEngine(name, new EdgeService(parsed), limitsOf(parsed));
}

class EdgeService implements SpeechService {
  readonly capabilities: SpeechService["capabilities"] = {
    streaming: true,
    wordTimes: true,
    sampleRate: SAMPLE_RATE,
    prosody: { speed: [0.5, 3], pitch: [-12, 7] },
  };
  readonly languages: readonly string[];
  readonly defaultVoice: string;
  readonly missing: string | undefined = undefined;
  readonly secrets: readonly string[] = [];
  readonly #options: EdgeOptions;
  /** ms that the service's clock is ahead of this one. */
  #skewMs = 0;

  constructor(options: EdgeOptions) {
    this.#options = options;
    this.defaultVoice = options.voice ?? DEFAULT_VOICE;
    this.languages = options.languages ?? ["*"];
  }

  isVoice(id: string): boolean {
    return originOf(id) === "edge";
  }

  standIns(language: string): StandIns | undefined {
    if (this.#options.voice !== undefined) return undefined;
    return /^en\b/.test(language) ? ENGLISH_STAND_INS : STAND_INS;
  }

  async prepare(): Promise<void> {
    await importDecoder();
  }

  async *speak(order: ServiceOrder, call: ServiceCall): AsyncGenerator<ServiceNews> {
    let isOpen = false;
    const connected = (): void => {
      isOpen = true;
      call.connected();
    };
    try {
      const messages = await this.#converse(order, { signal: call.signal, connected });
      yield* readAudio(audioOf(messages, order.text), { samples: SAMPLE_RATE });
    } catch (error) {
      if (!isOpen && !call.signal.aborted) await this.#explain(call.signal);
      throw error;
    }
  }

  async #converse(order: ServiceOrder, call: ServiceCall): Promise<AsyncIterable<string | Uint8Array>> {
    const id = randomId();
    const now = new Date(Date.now() + this.#skewMs).toString();
    const metadata = { sentenceBoundaryEnabled: "false", wordBoundaryEnabled: "true" };
    const config = { context: { synthesis: { audio: { metadataoptions: metadata, outputFormat: FORMAT } } } };
    const json = { "Content-Type": "application/json; charset=utf-8" };
    const ssml = { "X-RequestId": id, "Content-Type": "application/ssml+xml" };
    const messages = [
      edgeMessage({ "X-Timestamp": now, ...json, Path: "speech.config" }, JSON.stringify(config)),
      edgeMessage({ ...ssml, "X-Timestamp": `${now}Z`, Path: "ssml" }, edgeSsml(order)),
    ];
    return converse(await this.#url(), messages, { ...call, headers: this.#headers() });
  }

  async #url(): Promise<string> {
    const { url = URL_OF_EDGE, version = VERSION, clientToken = CLIENT_TOKEN } = this.#options;
    const query = new URLSearchParams({
      TrustedClientToken: clientToken,
      "Sec-MS-GEC": await secMsGec(Date.now() + this.#skewMs, clientToken),
      "Sec-MS-GEC-Version": `1-${version}`,
      ConnectionId: randomId(),
    });
    return `${url}?${query}`;
  }

  #headers(): Record<string, string> {
    const major = (this.#options.version ?? VERSION).split(".")[0];
    const chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)";
    return {
      "User-Agent": `${chrome} Chrome/${major}.0.0.0 Safari/537.36 Edg/${major}.0.0.0`,
      Origin: "chrome-extension://jdiccldimpdaibmpdkjnbmckianbfold",
      Pragma: "no-cache",
      "Cache-Control": "no-cache",
      // Every Edge has one; copies of it send another each time.
      Cookie: `muid=${randomId().toUpperCase()};`,
    };
  }

  /**
   * A WebSocket does not tell why it was refused, so the same is asked over HTTP: the answer has the status,
   * and the service's time, by which this clock is corrected for the next try.
   * @throws ServiceError where there is an answer
   */
  async #explain(signal: AbortSignal): Promise<void> {
    const url = (await this.#url()).replace(/^ws/, "http");
    const response = await fetch(url, { signal, redirect: "manual" }).catch(() => undefined);
    if (!response) return;
    void response.body?.cancel().catch(() => undefined);
    const serverMs = Date.parse(response.headers.get("Date") ?? "");
    const skewMs = Number.isNaN(serverMs) ? this.#skewMs : serverMs - Date.now();
    const wasOff = Math.abs(skewMs - this.#skewMs) > TOLERATED_SKEW_MS;
    this.#skewMs = skewMs;
    const { status } = response;
    const message = wasOff
      ? "this machine's clock was off; it is corrected now"
      : `the service answered ${status}`;
    throw new ServiceError("engine-unavailable", message, {
      retryable: wasOff || status === 429 || status >= 500,
    });
  }
}

interface Boundary {
  Type: string;
  /** 100 ns */
  Data?: { Offset?: number; Duration?: number; text?: { Text: string } };
}

async function* audioOf(
  messages: AsyncIterable<string | Uint8Array>,
  text: string,
): AsyncGenerator<Uint8Array | ServiceWords, void, undefined> {
  const finder = new WordFinder(text);
  for await (const message of messages) {
    const { path, body } = parseEdgeMessage(message);
    if (path === "turn.end") return;
    if (path === "audio" && typeof body !== "string" && body.length > 0) yield body;
    if (path !== "audio.metadata" || typeof body !== "string") continue;
    const boundaries = (objectIn(body).Metadata ?? []) as Boundary[];
    const words = boundaries.flatMap(({ Type, Data: { Offset = 0, Duration = 0, text: spoken } = {} }) =>
      Type === "WordBoundary" && spoken
        ? finder.timed(unescapeXml(spoken.Text), Offset / TICKS_PER_MS, (Offset + Duration) / TICKS_PER_MS)
        : [],
    );
    yield { words };
  }
  throw broken();
}

/** The service quotes the text as it was sent. */
function unescapeXml(text: string): string {
  const entities: Record<string, string> = {
    "&amp;": "&",
    "&lt;": "<",
    "&gt;": ">",
    "&quot;": '"',
    "&apos;": "'",
  };
  return text.replace(/&(?:amp|lt|gt|quot|apos);/g, (entity) => entities[entity] ?? entity);
}
