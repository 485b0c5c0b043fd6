import type { Encoding } from "../../../engines/contract/sentence-job.ts";
import type { AudioClip, AudioFrame } from "../../fan-out/audio-frame.ts";
import type { FanOut } from "../../fan-out/fan-out.ts";
import type { LineMessage, LineSink } from "../../fan-out/line-parts.ts";
import type { MessageLog } from "../../fan-out/message-log.ts";
import type { UtteranceAudio } from "../../fan-out/utterance-audio.ts";
import type { ResolvedRequest } from "../../request/resolved-request.ts";
import type { UtteranceJournal } from "../utterance-journal.ts";

/** What a teller is told of its line. */
export interface ToldLine {
  request: ResolvedRequest;
  messages: MessageLog;
  audio: UtteranceAudio;
  fanOut: FanOut;
  journal: UtteranceJournal | undefined;
  /** Its schedule is made in another process. */
  isFollowing: boolean;
  /** Called when its turn is another one. */
  turned: () => void;
  /** Called when it is to be cancelled. */
  cancelled: () => void;
  /** Called when all of it has come. */
  complete: () => void;
}

/** Tells the listeners of this process what a line is made of, and writes its sound to the buffers that they read. */
export class LineTeller implements LineSink {
  readonly #line: ToldLine;
  readonly #texts: string[] = [];

  constructor(line: ToldLine) {
    this.#line = line;
  }

  /** Its sentences, so far. */
  get texts(): readonly string[] {
    return this.#texts;
  }

  message(message: LineMessage): void {
    const { messages, fanOut } = this.#line;
    switch (message.is) {
      case "whole":
        fanOut.tellWhole(message.text, message.at);
        break;
      case "sentence":
        this.#tellSentence(message);
        break;
      case "times":
        fanOut.tell(messages.words({ index: message.sentence, shown: message.text }, message));
        break;
      case "sound":
        fanOut.tell(messages.sound(message));
        break;
      case "fallback":
        fanOut.tell(messages.fallback(message.sentence, message.mode, message));
        break;
      case "move":
        if (this.#line.isFollowing) fanOut.schedule.follow(message.fromMs, message.startAt);
        fanOut.tell(messages.move(message.fromMs, message.startAt));
        break;
      case "turn":
        Object.assign(this.#line.request.turn, { priority: message.priority, order: message.order });
        this.#line.turned();
        break;
      case "cancel":
        this.#line.cancelled();
        break;
      case "over":
        // Whoever carries it knows what to do.
        break;
      case "end":
        if (message.isBroken) messages.breakOff();
        if (message.frames >= 0) messages.complete(message.frames, message.samples);
        this.#line.complete();
    }
  }

  beginSentence(encodings: readonly Encoding[]): void {
    this.#line.audio.beginSentence(encodings);
  }

  frame(frame: AudioFrame): void {
    this.#line.messages.countFrame(frame.samples);
    this.#line.audio.addFrame(frame);
  }

  clip(clip: Omit<AudioClip, "fromMs">): void {
    this.#line.audio.addClip(clip);
  }

  endSentence(): void {
    this.#line.audio.endSentence();
  }

  leaveSentence(): void {
    this.#line.audio.leaveSentence();
  }

  /** What comes next is the frame of that number, behind so many samples: what was before it did not come. */
  skip(frames: number, samples: number): void {
    this.#line.messages.passOver(frames, samples);
    this.#line.audio.frames.skipTo(frames);
  }

  #tellSentence({ sentence, text, at }: Extract<LineMessage, { is: "sentence" }>): void {
    const { request, fanOut, messages, journal } = this.#line;
    if (typeof request.text !== "string") fanOut.tellText(text, true, at);
    this.#texts.push(text);
    const message = request.sendText ? messages.text(sentence, text) : undefined;
    if (message) fanOut.tell(message);
    journal?.told({ id: request.id, sentence, text, offset: message?.offset });
  }
}
