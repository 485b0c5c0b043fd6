/** A start nearer than this may already be late when the audio thread sees it. */
const EARLIEST_START_SECONDS = 0.003;
const FADE_SECONDS = 0.005;

interface Block {
  source: AudioBufferSourceNode;
  frame: number;
  end: number;
}

/** Plays blocks on exact frames of an audio context, one after another without a seam. */
export class BlockSpeaker {
  readonly #context: AudioContext;
  readonly #output: AudioNode;
  #blocks: Block[] = [];

  constructor(context: AudioContext, output: AudioNode) {
    this.#context = context;
    this.#output = output;
  }

  play({ frame, samples }: { frame: number; samples: Float32Array<ArrayBuffer> }): void {
    const { currentTime, sampleRate } = this.#context;
    this.#blocks = this.#blocks.filter(({ end }) => end > currentTime * sampleRate);
    const missed = Math.ceil((currentTime + EARLIEST_START_SECONDS) * sampleRate) - frame;
    if (missed <= 0) this.#start(samples, frame);
    else if (missed < samples.length)
      this.#start(fadedIn(samples.subarray(missed), sampleRate), frame + missed);
  }

  /** Nothing from that frame on is wanted. */
  takeBack(frame: number): void {
    const { sampleRate } = this.#context;
    for (const block of this.#blocks) {
      if (block.frame >= frame) block.source.stop(0);
      else if (block.end > frame) block.source.stop(frame / sampleRate);
    }
    this.#blocks = this.#blocks.filter((block) => block.frame < frame);
  }

  #start(samples: Float32Array<ArrayBuffer>, frame: number): void {
    const { sampleRate } = this.#context;
    const source = this.#context.createBufferSource();
    source.buffer = this.#context.createBuffer(1, samples.length, sampleRate);
    source.buffer.copyToChannel(samples, 0);
    source.connect(this.#output);
    source.start(frame / sampleRate);
    this.#blocks.push({ source, frame, end: frame + samples.length });
  }
}

function fadedIn(samples: Float32Array, sampleRate: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(samples);
  const fade = Math.min(out.length, Math.round(FADE_SECONDS * sampleRate));
  for (let i = 0; i < fade; i++) out[i] = ((out[i] as number) * i) / fade;
  return out;
}
