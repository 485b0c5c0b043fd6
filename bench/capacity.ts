import { atLeastRow, type Row } from "./row.ts";
import { House } from "./support/house.ts";
import type { RuntimeName } from "./support/runtime-name.ts";

/** Listeners to try, more and more; a process here may have 20,000 files open. */
const CROWDS = [2500, 5000, 6000, 7000, 8000, 9000, 10_000, 12_500, 15_000, 19_500];
/** Of 2.5 s each, spoken as they are heard. */
const SENTENCES = 1;
const MOST_LATE_MS = 100;
/** The runtime compiles what is used often while these are said. */
const WARM_LISTENERS = 1000;
const WARM_LINES = 3;
/** What one line missed, because the machine was busy with something else, the next may still make. */
const TRIES = 3;

/**
 * How many listeners one process serves in real time: speech that is made as it is heard, in steps of 100 ms, each
 * of which has to reach everybody. Not only at the listeners' end: both processes are on this machine.
 */
export async function capacity(runtime: RuntimeName): Promise<Row[]> {
  const control = await most(runtime, "bare");
  const value = await most(runtime, "table");
  const controlName = "a bare server, the same frames at the same times";
  const measured = { value: value.listeners, control: control.listeners, unit: "listeners", controlName };
  return [atLeastRow(`listeners with p99 of frames ≤ ${MOST_LATE_MS} ms late, Opus`, measured, 0.85)];
}

async function most(runtime: RuntimeName, name: "table" | "bare"): Promise<{ listeners: number }> {
  await using house = await House.open(runtime, name, { encoding: "opus", live: true });
  await house.fill(WARM_LISTENERS);
  for (let line = 0; line < WARM_LINES; line++) await house.say(SENTENCES);
  let best = 0;
  for (const listeners of CROWDS) {
    await house.fill(listeners);
    if (!(await keepsUp(house))) break;
    best = listeners;
  }
  return { listeners: best };
}

async function keepsUp(house: House): Promise<boolean> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    await house.listeners.call("listen");
    await house.say(SENTENCES);
    const { p99 } = await house.listeners.call<{ p99: number }>("lateness");
    if (p99 <= MOST_LATE_MS) return true;
  }
  return false;
}
