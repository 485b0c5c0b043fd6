import type { Encoding } from "../../engines/contract/sentence-job.ts";
import type { AudioClip, AudioFrame } from "../../party/fan-out/audio-frame.ts";
import type { LineMessage, LineSink } from "../../party/fan-out/line-parts.ts";
import type { SoundOut } from "./sound-out.ts";

/** Where sound comes, and when: without sound nobody needs it. */
const PASSING: ReadonlySet<LineMessage["is"]> = new Set(["times", "sound", "move", "fallback", "turn"]);

/** What an outlet is told of its line. */
export interface OutletLine {
  /** This node's own listeners. */
  listeners: () => LineSink | undefined;
  sound: SoundOut;
  /** Has a message stored and then told, to this node's listeners as well; `stored` is to be called then. */
  store: (message: LineMessage) => void;
  /** Tells a message that is of no use without sound: it is not stored. */
  pass: (message: LineMessage) => void;
}

/** Where the maker of a line puts what it makes: nobody is told anything behind a text before that text is stored. */
export class LineOutlet implements LineSink {
  readonly #line: OutletLine;
  #waiting: (() => void)[] = [];
  /** Messages that are being stored. */
  #storing = 1;
  #clips = 0;
  #isClosed = false;

  /** It waits until the line's beginning was stored: see `stored`. */
  constructor(line: OutletLine) {
    this.#line = line;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** One of the messages, or the beginning of the line, was stored and told. */
  stored(): void {
    this.#storing -= 1;
    this.#pump();
  }

  /** Nothing more of it goes out: this node does not hold the party any more. */
  close(): void {
    this.#isClosed = true;
    this.#waiting = [];
  }

  message(message: LineMessage): void {
    // Whatever waits before it is not wanted any more.
    if (message.is === "cancel") this.#waiting = [];
    if (PASSING.has(message.is)) this.#put(() => this.#line.pass(message));
    else this.#store(message);
  }

  beginSentence(encodings: readonly Encoding[]): void {
    this.#put(() => this.#line.listeners()?.beginSentence(encodings));
  }

  frame(frame: AudioFrame): void {
    this.#put(() => {
      this.#line.listeners()?.frame(frame);
      this.#line.sound.frame(frame);
    });
  }

  clip(clip: Omit<AudioClip, "fromMs">): void {
    this.#put(() => {
      this.#line.listeners()?.clip(clip);
      this.#line.sound.clip(clip, this.#clips++);
    });
  }

  endSentence(): void {
    this.#put(() => {
      this.#line.listeners()?.endSentence();
      this.#line.sound.end();
    });
  }

  leaveSentence(): void {
    this.#put(() => {
      this.#line.listeners()?.leaveSentence();
      this.#line.sound.leave();
    });
  }

  /** Texts behind one another are stored together; they do not wait for each other. */
  #store(message: LineMessage): void {
    if (this.#isClosed) return;
    if (this.#waiting.length === 0) this.#submit(message);
    else this.#waiting.push(() => this.#submit(message));
  }

  #submit(message: LineMessage): void {
    this.#storing += 1;
    this.#line.store(message);
  }

  #put(give: () => void): void {
    if (this.#isClosed) return;
    if (this.#storing === 0 && this.#waiting.length === 0) give();
    else this.#waiting.push(give);
  }

  #pump(): void {
    while (this.#storing === 0) {
      const give = this.#waiting.shift();
      if (!give) return;
      give();
    }
  }
}
