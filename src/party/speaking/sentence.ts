import type { Cue } from "../../core/text/cues.ts";
import { LAST_SOUND_MS, MAX_PAUSE_MS } from "../../core/text/markup-token.ts";
import type { Passage } from "../../core/text/passage-splitter.ts";
import type { Patience } from "../../core/text/patience.ts";
import { composed } from "../../core/text/piece.ts";
import type { ReadingOptions } from "../../core/text/reading-options.ts";
import { type Speakable, type StageDirections, speakableOf, spokenOf } from "../../core/text/speakable.ts";
import { PLAIN, type SpeakingStyle } from "../../core/text/speaking-style.ts";
import { spelled } from "../../core/text/spelled.ts";
import { scriptRuns } from "../../core/text/spoken/scripts.ts";
import type { TextSource } from "../../core/text/text-source.ts";
import type { Encoding, SentenceJob } from "../../engines/contract/sentence-job.ts";
import type { RouteOptions } from "../../engines/routing/router-options.ts";
import { inStyle } from "../../voices/in-style.ts";
import type { ResolvedRequest } from "../request/resolved-request.ts";
import type { UtteranceLimits } from "../request/utterance-limits.ts";
import type { SpeakerVoices } from "../request/voice-resolver.ts";
import { type LanguageOfSentence, LineLanguages } from "./line-languages.ts";

/** One sentence of an utterance, or as much of one as is said in one style. */
export interface Sentence {
  /** From 0, counted over all sentences of the text. */
  index: number;
  /** As it is shown. */
  shown: string;
  /** As it is said; empty for a pause at the end of the text. */
  spoken: Speakable;
  style: SpeakingStyle;
  /** ms of silence before it. */
  pauseMs: number;
  /** Whether a paragraph begins with it. */
  begins: boolean;
  /** Whether any of it is to be heard, if only silence. */
  isSpoken: boolean;
  /** Sounds of the place in it, at places in `shown`. */
  cues: readonly Cue[];
}

/**
 * A text's sentences as they become complete, and in the end the silence that is still due.
 * @throws BardcastError `text-too-long`, `text-empty`, as `passagesOf`
 */
export async function* sentencesOf(
  text: TextSource,
  options: ReadingOptions & {
    language: string;
    /** In whose voice it is said; by default in one that speaks `language`. */
    voices?: Pick<SpeakerVoices, "voice" | "voiceNamed" | "known">;
    /** Takes what went wrong and keeps no sentence from being said. */
    note?: (problem: unknown) => void;
    /** Takes the text as it comes, without what is left out. */
    written?: (text: string) => void;
    maxChars: number;
    patience?: Patience;
    signal?: AbortSignal;
  },
): AsyncGenerator<Sentence, void, undefined> {
  const reader = new SentenceReader(options.stageDirections);
  const languages = new LineLanguages(options);
  reading ??= await import("../../core/text/passages.ts");
  const speakers = options.cast && options.voices?.known;
  for await (const passages of reading.passagesOf(text, { ...options, speakers })) {
    for (const passage of passages) {
      const sentence = reader.read(passage);
      const language = languages.of(sentence);
      yield* reader.numbered(inScripts(sentence, language instanceof Promise ? await language : language));
    }
  }
  yield* reader.numbered(reader.rest());
}

/** A large part of all code, and nobody who only imports Bardcast waits for it. */
let reading: typeof import("../../core/text/passages.ts") | undefined;

/** A sentence that may still be cut, where its script changes. */
type Uncut = Omit<Sentence, "index">;

/** Tells what there is to say of each of a text's sentences, and numbers them. */
class SentenceReader {
  readonly #stageDirections: StageDirections | undefined;
  #next = 0;
  /** ms of silence due before the next sentence that is spoken, because the text asks for it… */
  #pauseMs = 0;
  /** …and at least, because an item, a row or a heading has ended. */
  #breakMs = 0;
  #hasSpoken = false;
  /** Of what was not spoken: they belong to what is spoken next. */
  #cues: readonly Cue[] = [];

  constructor(stageDirections: StageDirections | undefined) {
    this.#stageDirections = stageDirections;
  }

  read({ text: shown, pieces, style, pauseMs, breakMs, begins, label, cues = [] }: Passage): Uncut {
    this.#pauseMs = Math.min(MAX_PAUSE_MS, this.#pauseMs + pauseMs);
    // Before the first sentence nothing has ended.
    this.#breakMs = this.#hasSpoken ? Math.max(this.#breakMs, breakMs) : 0;
    const said = spokenOf(shown, pieces, this.#stageDirections, label);
    const isSpoken = said.text !== "" || shown === "";
    const sentence = {
      shown,
      spoken: style.spelled ? spelled(shown, said) : said,
      style,
      pauseMs: Math.max(this.#pauseMs, shown === "" ? 0 : this.#breakMs),
      begins,
      isSpoken,
      cues: isSpoken ? [...this.#cues, ...cues] : [],
    };
    this.#cues = isSpoken ? [] : [...this.#cues, ...cues.map(({ name }) => ({ at: 0, name }))];
    if (!isSpoken) return sentence;
    this.#pauseMs = 0;
    this.#breakMs = 0;
    this.#hasSpoken = true;
    return sentence;
  }

  /** The silence that is still due when the text has ended, if any. */
  rest(): Uncut[] {
    if (this.#cues.length > 0) this.#pauseMs = Math.max(LAST_SOUND_MS, this.#pauseMs);
    return this.#pauseMs > 0
      ? [this.read({ text: "", pieces: [], style: PLAIN, pauseMs: 0, breakMs: 0, begins: false })]
      : [];
  }

  numbered(sentences: readonly Uncut[]): Sentence[] {
    return sentences.map((sentence) => ({
      index: sentence.shown === "" ? this.#next : this.#next++,
      ...sentence,
    }));
  }
}

/**
 * The sentence as it is, or one for each stretch of it that is in one script: an engine that speaks one language need not
 * speak the other, so scripts are cut apart as voices are.
 */
function inScripts(sentence: Uncut, { own, said }: LanguageOfSentence): Uncut[] {
  const { shown, spoken, style, pauseMs } = sentence;
  const runs = scriptRuns(spoken.text, said);
  const inRun = (language: string): SpeakingStyle => (language === own ? style : { ...style, language });
  const [first] = runs;
  if (runs.length <= 1) return [first ? { ...sentence, style: inRun(first.language) } : sentence];
  const places = runs.map(({ from }) => spoken.inCaption([[from, 1, 0, 0]])[0]?.[0] ?? 0);
  return runs.map(({ from, to, language }, run) => {
    const begin = run === 0 ? 0 : (places[run] ?? 0);
    const all = shown.slice(begin, places[run + 1]);
    const at = begin + all.length - all.trimStart().length;
    const part = all.trim();
    return {
      ...sentence,
      style: inRun(language),
      shown: part,
      spoken: partOf(sentence, { from, to, at, length: part.length }),
      cues: sentence.cues.flatMap((cue) =>
        (cue.at >= begin || run === 0) && cue.at < (places[run + 1] ?? Infinity)
          ? { ...cue, at: Math.max(0, Math.min(part.length, cue.at - at)) }
          : [],
      ),
      pauseMs: run === 0 ? pauseMs : 0,
    };
  });
}

/**
 * The text said in `[from, to)` of a sentence.
 * @param place where that part is shown in the sentence: `length` characters from `at` on
 */
function partOf(
  { shown, spoken }: Uncut,
  { from, to, at, length }: { from: number; to: number; at: number; length: number },
): Speakable {
  const all = spoken.text.slice(from, to);
  const said = all.trim();
  const start = from + all.length - all.trimStart().length;
  const pieces = composed(shown, spoken.pieces, [{ from: start, to: start + said.length, said }]);
  const within = (place: number): number => Math.max(0, Math.min(length, place - at));
  return speakableOf(
    shown.slice(at, at + length),
    pieces.map((piece) => ({ from: within(piece.from), to: within(piece.to), said: piece.said })),
  );
}

/** How a sentence is to be routed: what it and its utterance say of that. */
export type SentenceRoute = Pick<RouteOptions, "context" | "speaker" | "onlyLanguage" | "spoken">;

/** Finds the route of a sentence. */
export function routeOf(
  { style }: Pick<Sentence, "style">,
  request: Pick<ResolvedRequest, "speaker" | "context" | "spoken">,
): SentenceRoute {
  const { voice: speaker = request.speaker, language } = style;
  const spoken = request.spoken();
  const route: SentenceRoute = { context: request.context, speaker };
  if (language !== undefined) route.onlyLanguage = language;
  if (spoken) route.spoken = spoken;
  return route;
}

/** The order to speak a sentence. @param aheadMs of sound that its listeners still have */
export function jobOf(
  { spoken, style, pauseMs }: Pick<Sentence, "spoken" | "style" | "pauseMs">,
  { voice, voiceNamed }: Pick<SpeakerVoices, "voice" | "voiceNamed">,
  options: Pick<UtteranceLimits, "chunkBytes" | "bitrates"> & {
    encodings: readonly Encoding[];
    aheadMs: number;
  },
): SentenceJob {
  const { voice: name, gainDb = 0 } = style;
  const { encodings, chunkBytes, bitrates, aheadMs } = options;
  return {
    text: spoken.text,
    voice: inStyle(name === undefined ? voice : voiceNamed(name), style),
    encodings,
    chunkBytes,
    bitrates,
    aheadMs,
    ...(pauseMs === 0 ? {} : { pauseMs }),
    ...(gainDb === 0 ? {} : { gainDb }),
  };
}
