import { toBase64 } from "../../core/base64.ts";
import type { RenderedWord } from "../../party/render-line.ts";
import { openAiError } from "./openai-error.ts";
import type { SpeechSound } from "./speech-sound.ts";

/** How an answer's body carries a line's sound. */
export interface SpeechBody {
  /** Undefined: that of the sound. */
  contentType?: string;
  sound(sound: SpeechSound): Uint8Array<ArrayBuffer> | undefined;
  /** After the last sound. */
  end?(): Uint8Array<ArrayBuffer>;
  /** What is said where the sound breaks off; without it the connection breaks off, too. */
  failed?(error: unknown): Uint8Array<ArrayBuffer>;
}

const encoder = new TextEncoder();
const utf8 = (text: string): Uint8Array<ArrayBuffer> => encoder.encode(text);

/** The sound itself. */
export const BARE_SOUND: SpeechBody = { sound: ({ bytes }) => (bytes.length > 0 ? bytes : undefined) };

/** OpenAI's server-sent events. @param inputChars of the text */
export function speechEvents(inputChars: number): SpeechBody {
  const event = (data: object): Uint8Array<ArrayBuffer> => utf8(`data: ${JSON.stringify(data)}\n\n`);
  // Nobody counts tokens here; characters are what there is to count.
  const usage = { input_tokens: inputChars, output_tokens: 0, total_tokens: inputChars };
  return {
    contentType: "text/event-stream",
    sound: ({ bytes }) =>
      bytes.length > 0 ? event({ type: "speech.audio.delta", audio: toBase64(bytes) }) : undefined,
    end: () => event({ type: "speech.audio.done", usage }),
    failed: (error) => event({ type: "error", ...openAiError(error) }),
  };
}

/** Kokoro-FastAPI's lines of JSON: sound, and in seconds when the words of it are said. @param format what the sound is in */
export function captionedLines(format: string): SpeechBody {
  const line = (data: object): Uint8Array<ArrayBuffer> => utf8(`${JSON.stringify(data)}\n`);
  return {
    contentType: "application/x-ndjson",
    sound: ({ bytes, words }) =>
      bytes.length > 0 || words.length > 0 ? line(captioned(bytes, words, format)) : undefined,
    failed: (error) => line(openAiError(error)),
  };
}

/** The same for all of a line at once. */
export function captioned(
  bytes: Uint8Array,
  words: readonly RenderedWord[],
  format: string,
): { audio: string; audio_format: string; timestamps: object[] } {
  const timestamps = words.map(({ word, startMs, endMs }) => ({
    word,
    start_time: startMs / 1000,
    end_time: endMs / 1000,
  }));
  return { audio: toBase64(bytes), audio_format: format, timestamps };
}

/**
 * A body that is made while it is read, from a first sound that is there already.
 * @param close called once, when it was read, or nobody reads it any more
 */
export function streamed(
  first: SpeechSound,
  rest: AsyncGenerator<SpeechSound, void, undefined>,
  body: SpeechBody,
  close: () => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const chunks = chunksOf(first, rest, body, close);
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: async () => {
      close();
      await chunks.return();
    },
  });
}

async function* chunksOf(
  first: SpeechSound,
  rest: AsyncGenerator<SpeechSound, void, undefined>,
  body: SpeechBody,
  close: () => void,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  try {
    const begin = body.sound(first);
    if (begin) yield begin;
    for await (const sound of rest) {
      const bytes = body.sound(sound);
      if (bytes) yield bytes;
    }
    if (body.end) yield body.end();
  } catch (error) {
    if (!body.failed) throw error;
    yield body.failed(error);
  } finally {
    close();
  }
}
