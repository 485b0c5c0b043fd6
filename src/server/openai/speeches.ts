import { BardcastError } from "../../core/errors.ts";
import type { Door } from "../../core/observation.ts";
import { V2_SAMPLE_RATE } from "../../core/protocol/v2.ts";
import type { TextSource } from "../../core/text/text-source.ts";
import type { Party } from "../../party/party.ts";
import { requestedVoice } from "./requested-voice.ts";
import { type SoundFormat, SoundWriters } from "./sound/sound-writers.ts";
import type { VoiceWish } from "./speech-request.ts";
import { type SpeechSound, writtenSound } from "./speech-sound.ts";

/** Lines that may be made at once, all programs of one door together. */
export const MAX_SPEECHES = 64;

/** A line that is being made: its first sound is there. */
export interface Speech {
  contentType: string;
  first: SpeechSound;
  rest: AsyncGenerator<SpeechSound, void, undefined>;
  /** It counts no more among those that are made; its engine stops, where it still speaks. */
  close: () => void;
}

/** Lines that are made for programs that come in by one door. */
export class Speeches {
  readonly #party: Party;
  readonly #door: Door;
  readonly #writers = new SoundWriters();
  #underWay = 0;

  constructor(party: Party, door: Door) {
    this.#party = party;
    this.#door = door;
  }

  /**
   * A line with its first sound.
   * @param text whole, or still being written
   * @throws BardcastError `busy`, `text-empty` where nothing of it is spoken, as `AudioStreamManager.render`
   */
  async begin(
    text: TextSource,
    wish: VoiceWish & { format: SoundFormat },
    asked: AbortSignal,
  ): Promise<Speech> {
    const { observe } = this.#party.observers;
    if (this.#underWay >= MAX_SPEECHES) {
      observe({ type: "limit.reached", limit: "speeches" });
      const message = `${MAX_SPEECHES} texts are being spoken already; try again when some are done`;
      throw new BardcastError("busy", message, { retryable: true });
    }
    this.#underWay += 1;
    const begunAt = performance.now();
    const hungUp = new AbortController();
    let samples = 0;
    let isOpen = true;
    const close = (): void => {
      if (!isOpen) return;
      isOpen = false;
      this.#underWay -= 1;
      hungUp.abort();
      observe({ type: "door.spoke", door: this.#door, audioMs: (samples * 1000) / V2_SAMPLE_RATE });
    };
    try {
      const speaker = await requestedVoice(this.#party, wish);
      const writer = await this.#writers.create(wish.format);
      const signal = AbortSignal.any([asked, hungUp.signal]);
      const count = (made: number): void => {
        samples += made;
      };
      const line = { text, ...speaker, signal };
      const sound = writtenSound(writer, (encoding) => this.#party.renderParts(line, encoding), count);
      const first = await sound.next();
      if (first.done) throw new BardcastError("text-empty", "nothing of this text is spoken");
      observe({ type: "door.answered", door: this.#door, afterMs: performance.now() - begunAt });
      return { contentType: writer.contentType, first: first.value, rest: sound, close };
    } catch (error) {
      close();
      throw error;
    }
  }
}
