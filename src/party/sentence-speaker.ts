import { abortable, untilAborted } from "../core/abortable.ts";
import type { WordTime } from "../core/audio.ts";
import type { WireError } from "../core/errors.ts";
import { writeFrameHeader } from "../core/frame.ts";
import { MAX_WORDS } from "../core/v2.ts";
import type { Encoding, SentenceFrame, SentenceJob } from "../engines/sentence-job.ts";
import type { Backstage } from "./backstage.ts";
import type { Cue } from "./cue.ts";
import type { LineRecord, RecordedMessage } from "./line-record.ts";
import { isPrivate, type Script } from "./script.ts";
import { jobOf, type Sentence } from "./sentence.ts";
import type { SpeechLog } from "./speech-log.ts";

export interface SpeakOptions {
  encodings: readonly Encoding[];
  signal: AbortSignal;
  /** Called with messages for v2 listeners; without it they hear nothing of it. */
  tell?: (message: RecordedMessage) => void;
  /** Whether no sentence follows. */
  isLast: () => boolean;
}

/** Has the sentences of one line spoken, one after the other, and puts them where listeners read. */
export class SentenceSpeaker {
  /** Engines that spoke, in order of first use. */
  readonly engines: Set<string> = new Set();
  /** Of all the audio that was made. */
  durationMs = 0;
  readonly #script: Script;
  readonly #backstage: Backstage;
  readonly #log: SpeechLog;
  readonly #record: LineRecord;
  readonly #cue: Cue;
  readonly #note: (problem: WireError) => void;
  #hasNoted = false;
  #begunAt: number | undefined;

  /** @param line.note takes what could not be sent as it was made */
  constructor(
    script: Script,
    backstage: Backstage,
    line: { log: SpeechLog; record: LineRecord; cue: Cue; note: (problem: WireError) => void },
  ) {
    this.#script = script;
    this.#backstage = backstage;
    this.#log = line.log;
    this.#record = line.record;
    this.#cue = line.cue;
    this.#note = line.note;
  }

  /** @throws BardcastError as `TTSRouter.speak` */
  async speak(sentence: Sentence, { encodings, signal, tell, isLast }: SpeakOptions): Promise<void> {
    const job = this.#job(sentence, encodings);
    const options = { context: this.#script.context, isPrivate: isPrivate(this.#script), signal };
    const speech = await untilAborted(this.#backstage.router.speak(job, options), signal);
    const atMs = this.#record.durationMs + sentence.pauseMs;
    for await (const event of abortable(speech.events, signal)) {
      if (event.type === "frame") {
        this.#addFrame(event.frame, event.frame.ends && isLast());
      } else if (event.type === "words" && tell && this.#script.sendText) {
        const words = sentence.spoken.inCaption(this.#bounded(event.words));
        this.#cue.words(words.map(([, , , endMs]) => atMs + endMs));
        tell(this.#record.words(sentence, { atMs, words, estimated: event.estimated }));
      } else if (event.type === "clip") {
        this.#addClip(event);
      } else if (event.type === "end") {
        this.engines.add(speech.engine);
        this.durationMs += event.durationMs;
        this.#log.endSentence();
      }
    }
  }

  /**
   * After an engine broke off while it was heard: those who get whole sentences or none still get this one, from
   * another engine. Never rejects.
   */
  async makeUp(sentence: Sentence, { encodings, signal, isLast }: SpeakOptions): Promise<void> {
    if (!encodings.includes("dm20") || signal.aborted) return;
    await this.speak(sentence, { encodings: ["dm20"], signal, isLast }).catch(() => undefined);
  }

  /** As many times of words as one message takes. */
  #bounded(words: readonly WordTime[]): readonly WordTime[] {
    if (words.length <= MAX_WORDS) return words;
    const message = `an engine gave ${words.length} word times for one sentence; the first ${MAX_WORDS} are used`;
    if (!this.#hasNoted) this.#note({ code: "engine-failed", message, retryable: false });
    this.#hasNoted = true;
    return words.slice(0, MAX_WORDS);
  }

  #job(sentence: Sentence, encodings: readonly Encoding[]): SentenceJob {
    // What was made so far, less what has been heard of it since.
    const heardMs = this.#begunAt === undefined ? 0 : this.#backstage.journal.now() - this.#begunAt;
    const aheadMs = Math.max(0, this.#record.durationMs - heardMs);
    return jobOf(sentence, this.#script, { ...this.#backstage.limits, encodings, aheadMs });
  }

  #addClip({ messages, durationMs }: { messages: readonly string[]; durationMs: number }): void {
    const bytes = messages.reduce((sum, { length }) => sum + length, 0);
    this.#log.addClip({ begins: true, bytes, sentence: this.#log.sentences, durationMs, messages });
  }

  #addFrame({ begins, ends, packets, samples, bytes: messages }: SentenceFrame, last: boolean): void {
    const { samples: ptsSamples, lengthMs: fromMs, handle } = this.#record;
    const sequence = this.#log.frames.head;
    this.#begunAt ??= this.#backstage.journal.now();
    let bytes = 0;
    for (const message of messages.values()) {
      writeFrameHeader(message, {
        first: sequence === 0,
        last,
        discontinuity: begins,
        handle,
        sequence,
        ptsSamples,
        packets,
      });
      bytes += message.length;
    }
    this.#record.countFrame(samples);
    this.#cue.made({ fromMs, toMs: this.#record.lengthMs, begins, ends });
    const sentence = this.#log.sentences;
    this.#log.addFrame({ begins, bytes, sentence, sequence, ptsSamples, samples, messages });
  }
}
