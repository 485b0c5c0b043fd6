import { BoundedQueue } from "../../core/async/bounded-queue.ts";
import { durationMs } from "../../core/dsp/audio.ts";
import type { ClausePlan } from "./clause-plan.ts";
import type { Pace } from "./pace.ts";
import type { SherpaOrder, SherpaTts } from "./sherpa-library.ts";

/** Pieces of one text; the library makes one for each of what it takes for sentences. */
const MAX_PIECES = 1024;
/** ms between signs of life. */
const SIGN_MS = 1_000;
/** ms that a part of a sentence may take, beside so many times what it was measured to take. */
const LEAST_PATIENCE_MS = 10_000;
const PATIENCE = 3;
/** ms that a timer takes. */
const MAX_TIMER_MS = 2 ** 31 - 2;

type Sound = Float32Array<ArrayBuffer>;

const NOTHING: Sound = new Float32Array(0);

export interface InClausesOptions {
  plan: ClausePlan;
  /** Learns how quickly the voice is made. */
  pace: Pace;
  /** Hz of what the model makes. */
  sampleRate: number;
  signal: AbortSignal | undefined;
}

/**
 * Speaks a sentence with a loaded model in the parts that the plan has for it, held back as long as the plan says. The model
 * says nothing before a part is whole: meanwhile there are empty pieces as signs of life, for as long as it may take.
 * While a part is given out, the next one is being made.
 */
export async function* speakInClauses(
  tts: SherpaTts,
  order: Omit<SherpaOrder, "text">,
  { plan, pace, sampleRate, signal }: InClausesOptions,
): AsyncGenerator<Sound, void, undefined> {
  const held: Sound[] = [];
  function* released(): Generator<Sound, void, undefined> {
    if (held.length === 0 || plan.heldMs > 0) yield NOTHING;
    else {
      plan.start();
      yield* held.splice(0);
    }
  }
  const begin = (): PartInWork | undefined => {
    const text = plan.next();
    return text === undefined ? undefined : new PartInWork(tts, { ...order, text }, plan, signal);
  };
  let part = begin();
  try {
    while (part) {
      let made = 0;
      for await (const samples of part.pieces) {
        yield* released();
        made += samples.length;
        if (samples.length > 0) held.push(samples);
      }
      signal?.throwIfAborted();
      const audioMs = durationMs(made, sampleRate);
      pace.note(part.text, { audioMs, tookMs: part.tookMs, speed: order.speed });
      part.stop();
      plan.made(audioMs);
      if (tts.isBlocking) yield* released();
      part = begin();
      yield* released();
    }
  } finally {
    part?.stop();
  }
}

/** A part of a sentence that the model is at. */
class PartInWork {
  readonly text: string;
  /** As they are made, with empty ones as signs of life, and one when what was made before may be given out. */
  readonly pieces: BoundedQueue<Sound> = new BoundedQueue<Sound>(MAX_PIECES);
  /** ms of work, once it is made. */
  tookMs = 0;
  readonly #signs: ReturnType<typeof setInterval>;
  readonly #start: ReturnType<typeof setTimeout> | undefined;
  #isWanted = true;

  constructor(tts: SherpaTts, order: SherpaOrder, plan: ClausePlan, signal: AbortSignal | undefined) {
    this.text = order.text;
    const begunAt = performance.now();
    const endAt = begunAt + LEAST_PATIENCE_MS + PATIENCE * plan.workMs(order.text);
    this.#signs = setInterval(() => performance.now() < endAt && this.pieces.offer(NOTHING), SIGN_MS);
    const { heldMs } = plan;
    if (heldMs > 0 && heldMs < MAX_TIMER_MS)
      this.#start = setTimeout(() => this.pieces.offer(NOTHING), Math.ceil(heldMs) + 1);
    const speaking = tts.speak(order, (samples) => {
      // The library goes on to use its memory.
      this.#isWanted = this.#isWanted && !signal?.aborted && this.pieces.offer(Float32Array.from(samples));
      return this.#isWanted;
    });
    speaking.then(
      () => {
        this.tookMs = performance.now() - begunAt;
        this.pieces.close();
      },
      (error) => this.pieces.fail(error),
    );
  }

  /** Nobody wants more of it. */
  stop(): void {
    this.#isWanted = false;
    clearInterval(this.#signs);
    clearTimeout(this.#start);
  }
}

/** Waits for something, yielding signs of life for as long as it may take. */
export async function* signsOfLife<T>(
  work: Promise<T>,
  patienceMs: number,
): AsyncGenerator<Sound, T, undefined> {
  const endAt = performance.now() + patienceMs;
  let isOver = false;
  const over = (): void => {
    isOver = true;
  };
  work.then(over, over);
  while (!isOver && performance.now() < endAt) {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const sign = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, SIGN_MS);
    });
    await Promise.race([work.then(over, over), sign]);
    clearTimeout(timer);
    if (!isOver) yield NOTHING;
  }
  return work;
}
