import type { ResumePoint, SpeechBeginMessage, WelcomeMessage } from "../../core/protocol/v2.ts";

/** Utterances that may be open at once; the oldest are not asked for again. */
const MAX_OPEN = 256;

/** How far a table has told its texts. */
export type ToldPoint = Pick<ResumePoint, "epoch" | "offset">;

interface OpenUtterance {
  utterance: string;
  /** Sequence of the last frame that came; −1: none did. */
  last: number;
}

/** How much of every open utterance has come, so that the next connection goes on where the last one was lost. */
export class ResumeState {
  #epoch: string | undefined;
  #offset = 0;
  readonly #open = new Map<number, OpenUtterance>();
  /** Utterances of a server that was started anew, which tells their end. */
  #continued = new Set<string>();
  #isAnew: boolean;

  /** @param told what a page kept of the client it had before it was loaded anew */
  constructor(told?: ToldPoint) {
    this.#epoch = told?.epoch;
    this.#offset = told?.offset ?? 0;
    this.#isAnew = told !== undefined;
  }

  /** Where to go on; undefined before the first `welcome`. */
  get point(): ResumePoint | undefined {
    if (this.#epoch === undefined) return undefined;
    const utterances = [...this.#open].map(([handle, { last }]) => [handle, last] as const);
    const anew = this.#isAnew ? { anew: true } : {};
    return { epoch: this.#epoch, offset: this.#offset, utterances, ...anew };
  }

  /**
   * Returns the open utterances of which a server that has started anew sends no sound: those it knows nothing of are over,
   * of the others the end is still told.
   */
  welcome({ epoch, offset, continues = [] }: Pick<WelcomeMessage, "epoch" | "offset" | "continues">): {
    over: string[];
    soundless: string[];
  } {
    // The server that named them is gone, too.
    const before = [...this.#continued];
    const isSame = this.#epoch === epoch;
    this.#epoch = epoch;
    this.#isAnew = false;
    this.#offset = isSame ? Math.max(this.#offset, offset) : offset;
    const soundless = isSame ? [] : [...this.#open.values()].map(({ utterance }) => utterance);
    if (!isSame) this.#open.clear();
    this.#continued = new Set(continues.filter((utterance) => soundless.includes(utterance)));
    const forgotten = soundless.filter((utterance) => !this.#continued.has(utterance));
    return { over: [...before, ...forgotten], soundless };
  }

  /** A message with that offset came. */
  saw(offset: number): void {
    this.#offset = Math.max(this.#offset, offset);
  }

  begin({ handle, utterance }: SpeechBeginMessage): void {
    if (this.#open.get(handle)?.utterance === utterance) return;
    this.#open.delete(handle);
    this.#open.set(handle, { utterance, last: -1 });
    for (const oldest of this.#open.keys()) {
      if (this.#open.size <= MAX_OPEN) break;
      this.#open.delete(oldest);
    }
  }

  /** A frame came; returns the id of its utterance, if that is open. */
  frame(handle: number, sequence: number): string | undefined {
    const open = this.#open.get(handle);
    if (open) open.last = Math.max(open.last, sequence);
    return open?.utterance;
  }

  /** Nothing more of that utterance comes. */
  over(utterance: string): void {
    this.#continued.delete(utterance);
    for (const [handle, open] of this.#open) if (open.utterance === utterance) this.#open.delete(handle);
  }
}
