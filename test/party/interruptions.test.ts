import { expect, test } from "bun:test";
import { setTable, until } from "../support/table.ts";

/** Its clip is sent in more than one batch to somebody who does not read. */
const LONG = "that is long enough to make a clip of more than one batch of a quarter of a MiB, and then some";

async function slowTable() {
  const table = await setTable({ engine: { samplesPerChar: 4000 } });
  const pip = table.join("pip", { reads: false });
  let timer: ReturnType<typeof setInterval> | undefined;
  return {
    ...table,
    pip,
    /** From now on pip reads a little every few ms. */
    read(): void {
      timer = setInterval(() => pip.read(), 5);
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

test("two that interrupt, one after the other, wait for the clip that is being sent", async () => {
  using table = await slowTable();
  const { streams, pip } = table;
  const lines = [streams.speak({ text: `One ${LONG}.`, priority: 0 })];
  await until(() => pip.of("audio").length > 0);
  lines.push(streams.speak({ text: `Two ${LONG}.`, priority: 1, interrupt: true }));
  await Bun.sleep(20);
  lines.push(streams.speak({ text: `Three ${LONG}.`, priority: 2, interrupt: true }));
  await Bun.sleep(20);
  table.read();
  await Promise.all(lines.map((line) => line.handedOver));
  // Throws where clips are interleaved.
  expect(pip.clips).toHaveLength(3);
});

test("what interrupts at the very moment the one before is over does not speak into what goes on", async () => {
  for (let ticks = 0; ticks < 4; ticks++) {
    using table = await slowTable();
    const { streams, pip } = table;
    const first = streams.speak({ text: `One ${LONG}. Again ${LONG}.`, priority: 0 });
    await until(() => pip.of("audio").length > 0);
    const second = streams.speak({ text: `Two ${LONG}.`, priority: 1, interrupt: true });
    table.read();
    await second.handedOver;
    for (let tick = 0; tick < ticks; tick++) await undefined;
    const third = streams.speak({ text: `Three ${LONG}.`, priority: 2, interrupt: true });
    await Promise.all([first.handedOver, third.handedOver]);
    expect(pip.clips).toHaveLength(4);
  }
}, 30_000);

test("what comes at the very moment one that interrupted is over waits for its turn", async () => {
  for (let ticks = 0; ticks < 4; ticks++) {
    using table = await slowTable();
    const { streams, pip } = table;
    const lines = [streams.speak({ text: `One ${LONG}.`, priority: 0 })];
    await until(() => pip.of("audio").length > 0);
    lines.push(streams.speak({ text: `Two ${LONG}.`, priority: 0 }));
    const interrupts = streams.speak({ text: `Three ${LONG}.`, priority: 1, interrupt: true });
    table.read();
    await interrupts.handedOver;
    for (let tick = 0; tick < ticks; tick++) await undefined;
    lines.push(streams.speak({ text: `Four ${LONG}.`, priority: 0 }));
    await Promise.all(lines.map((line) => line.handedOver));
    expect(pip.clips).toHaveLength(4);
  }
}, 30_000);

test.each(["cancelled", "dropped"])(
  "a line that is %s while another speaks into it stops nothing",
  async (how) => {
    // In a process of its own: a thread that turns on the spot runs no test's time limit.
    const program = `
    const { setTable, until } = await import("${import.meta.dir}/../support/table.ts");
    const table = await setTable({ engine: { samplesPerChar: 4000 } });
    const pip = table.join("pip", { reads: false });
    const say = (name, priority, interrupt) => table.streams.speak({ text: name + " ${LONG}.", priority, interrupt });
    const lines = [say("One", 0, false)];
    await until(() => pip.of("audio").length > 0);
    lines.push(say("Two", 1, true));
    await Bun.sleep(20);
    lines.push(say("Three", 2, ${how === "dropped" ? '"drop"' : "true"}));
    if (${how === "cancelled"}) lines[1].cancel();
    setInterval(() => pip.read(), 5);
    await Promise.all(lines.map((line) => line.handedOver));
    await Bun.sleep(50);
    console.log("on it goes", pip.clips.length);
    process.exit();`;
    const child = Bun.spawn([process.execPath, "-e", program], { timeout: 10_000, killSignal: "SIGKILL" });
    expect(await new Response(child.stdout).text()).toBe("on it goes 2\n");
  },
  20_000,
);
