import { expect, test } from "bun:test";
import { Sound } from "../../../src/client/output/sound.ts";
import type { StepSource } from "../../../src/client/output/step.ts";
import { FakeAudioContext } from "../fake-audio.ts";

/** A table that notes how often it was told a latency. */
class NotedTable implements StepSource {
  told = 0;
  #waiting: (() => void) | undefined;
  reportLatency(): void {
    this.told += 1;
    this.#waiting?.();
  }
  untilTold(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }
}

function open(): { context: FakeAudioContext; sound: Sound } {
  const context = new FakeAudioContext();
  return { context, sound: new Sound(context as unknown as AudioContext, 1) };
}

test("who follows another table keeps step with that, and with the first no more", async () => {
  const { context, sound } = open();
  const [first, second] = [new NotedTable(), new NotedTable()];
  void sound.keepStep(first);
  await first.untilTold();
  void sound.keepStep(second);
  await second.untilTold();
  const { told } = first;
  await second.untilTold();
  expect(first.told).toBe(told);
  expect(context.constants).toBe(1);
  sound.close();
});

test("a loudspeaker that is still being opened when its sound is closed is given back", async () => {
  const { context, sound } = open();
  // A real one takes its time.
  context.close = () => new Promise(() => undefined);
  const opening = sound.keepStep(new NotedTable());
  sound.close();
  await opening;
  expect(context.constants).toBe(0);
});

test("where a loudspeaker cannot be opened the next one who asks may have one", async () => {
  const { context, sound } = open();
  const { createConstantSource } = context;
  context.createConstantSource = () => {
    throw new DOMException("no more of them", "NotSupportedError");
  };
  await sound.keepStep(new NotedTable());
  context.createConstantSource = createConstantSource;
  const table = new NotedTable();
  void sound.keepStep(table);
  await table.untilTold();
  sound.close();
  expect(context.constants).toBe(0);
});

test("sound is running once it can be heard: in a context of another rate that waits for what resamples", async () => {
  for (const [sampleRate, isReadyAtOnce] of [
    [24_000, true],
    [44_100, false],
  ] as const) {
    const context = new FakeAudioContext(sampleRate);
    context.state = "running";
    const sound = new Sound(context as unknown as AudioContext, 1);
    expect(sound.running).toBe(isReadyAtOnce);
    await sound.resume();
    expect(sound.running).toBe(true);
  }
});
