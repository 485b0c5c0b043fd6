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
 */
export async function* speakInClauses(
  tts: SherpaTts,
  order: Omit<SherpaOrder, "text">,
  { plan, pace, sampleRate, signal }: InClausesOptions,
): AsyncGenerator<Sound, void, undefined> {
  const held: Sound[] = [];
  for (let text = plan.next(); text !== undefined; text = plan.next()) {
    const patienceMs = LEAST_PATIENCE_MS + PATIENCE * plan.workMs(text);
    let [made, tookMs] = [0, 0];
    const onDone = (ms: number): void => {
      tookMs = ms;
    };
    for await (const samples of speakPart(tts, { ...order, text }, { signal, patienceMs, onDone })) {
      made += samples.length;
      const isHeld = held.length > 0 || plan.isHeld;
      if (isHeld) held.push(samples);
      yield isHeld ? NOTHING : samples;
    }
    signal?.throwIfAborted();
    const audioMs = durationMs(made, sampleRate);
    pace.note(text, { audioMs, tookMs, speed: order.speed });
    plan.made(audioMs);
    if (!plan.isHeld) yield* held.splice(0);
  }
}

interface PartOptions {
  signal: AbortSignal | undefined;
  /** ms that it may take. */
  patienceMs: number;
  /** Told how many ms of work it was, whenever it is taken. */
  onDone: (ms: number) => void;
}

async function* speakPart(
  tts: SherpaTts,
  order: SherpaOrder,
  { signal, patienceMs, onDone }: PartOptions,
): AsyncGenerator<Sound, void, undefined> {
  const pieces = new BoundedQueue<Sound>(MAX_PIECES);
  const begunAt = performance.now();
  const endAt = begunAt + patienceMs;
  const signs = setInterval(() => performance.now() < endAt && pieces.offer(NOTHING), SIGN_MS);
  let isWanted = true;
  const speaking = tts.speak(order, (samples) => {
    // The library goes on to use its memory.
    isWanted = isWanted && !signal?.aborted && pieces.offer(Float32Array.from(samples));
    return isWanted;
  });
  speaking.then(
    () => {
      onDone(performance.now() - begunAt);
      pieces.close();
    },
    (error) => pieces.fail(error),
  );
  try {
    yield* pieces;
  } finally {
    isWanted = false;
    clearInterval(signs);
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
