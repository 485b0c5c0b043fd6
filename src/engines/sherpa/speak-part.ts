import { BoundedQueue } from "../../core/async/bounded-queue.ts";
import type { SherpaOrder, SherpaTts } from "./sherpa-library.ts";

/** Pieces of one text; the library makes one for each of what it takes for sentences. */
const MAX_PIECES = 1024;
/** ms between signs of life. */
const SIGN_MS = 1_000;
const NOTHING = new Float32Array(0);

export interface PartOptions {
  signal: AbortSignal | undefined;
  /** ms that it may take. */
  patienceMs: number;
  /** Told how many ms of work it was, whenever it is taken. */
  onDone: (ms: number) => void;
}

/**
 * Speaks a text with a loaded model, which says nothing before a sentence is whole: meanwhile it yields empty pieces as
 * signs of life, for as long as it may take.
 */
export async function* speakPart(
  tts: SherpaTts,
  order: SherpaOrder,
  { signal, patienceMs, onDone }: PartOptions,
): AsyncGenerator<Float32Array<ArrayBuffer>, void, undefined> {
  const pieces = new BoundedQueue<Float32Array<ArrayBuffer>>(MAX_PIECES);
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
): AsyncGenerator<Float32Array<ArrayBuffer>, T, undefined> {
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
