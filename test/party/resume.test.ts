import { expect, spyOn, test } from "bun:test";
import fc from "fast-check";
import type { V2Connection } from "../../src/party/transport/connection.ts";
import { Knowledge } from "../support/knowledge.ts";
import { setTable, type Table, until } from "../support/table.ts";
import { V2Client } from "../support/v2-client.ts";

/** A player whose connection is cut again and again, with what was under way lost each time. */
class Unlucky {
  readonly knowledge: Knowledge = new Knowledge();
  readonly #table: Table;
  #client: V2Client;

  constructor(table: Table) {
    this.#table = table;
    this.#client = new V2Client(table, "pip");
  }

  get received(): number {
    return this.#client.socket.sent.length;
  }

  /** @param share of what was sent that arrived */
  cut(share: number): void {
    const { sent } = this.#client.socket;
    this.knowledge.take(sent.slice(0, Math.max(1, Math.round(sent.length * share))));
    this.#client.connection.ended(1006);
  }

  comeBack(): void {
    this.#client = new V2Client(this.#table, "pip", { resume: this.knowledge.resume });
  }

  /** Everything that is there arrives. */
  arrive(): void {
    this.knowledge.take(this.#client.socket.sent);
  }

  /** Waits until so many lines have ended, and takes all that arrived. */
  async hearEnds(count: number): Promise<void> {
    const ended = this.knowledge.speech.filter(({ type }) => type === "speech.end").length;
    await until(() => ended + this.#client.of("speech.end").length === count);
    this.arrive();
  }
}

const cuts = fc.array(
  fc.record({
    after: fc.integer({ min: 0, max: 12 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    turns: fc.integer({ min: 0, max: 4 }),
  }),
  { minLength: 1, maxLength: 5 },
);

test.each([
  ["with others listening", true],
  ["as the only listener", false],
])(
  "a connection that is cut anywhere goes on without a gap or a repeat, %s",
  async (_, witnessed) => {
    await fc.assert(
      fc.asyncProperty(cuts, async (plan) => {
        const table = await setTable({ engine: { samplesPerChar: 400 } });
        const witness = witnessed ? new V2Client(table, "thorin") : undefined;
        const pip = new Unlucky(table);
        const lines = [
          table.streams.speak({ text: "One for all. It has three sentences. This is the last." }),
          table.streams.speak({ text: "Psst. Only you.", to: ["pip"] }),
          table.streams.speak({ text: "And again for all." }),
        ];
        for (const { after, share, turns } of plan) {
          for (let turn = 0; turn < 50 && pip.received < after; turn++) await Bun.sleep(0);
          pip.cut(share);
          for (let turn = 0; turn < turns; turn++) await Bun.sleep(0);
          pip.comeBack();
        }
        await Promise.all(lines.map((line) => line.handedOver));
        await pip.hearEnds(lines.length);
        const { speech, frames, recovered } = pip.knowledge;
        expect(recovered.slice(1)).not.toContain(false);
        for (const line of lines) {
          const own = speech.filter(({ utterance }) => utterance === line.id);
          const begin = own.find((message) => message.type === "speech.begin");
          const end = own.find((message) => message.type === "speech.end");
          expect(own.filter(({ type }) => type === "speech.begin")).toHaveLength(1);
          const heard = frames.filter(({ handle }) => handle === begin?.handle);
          expect(heard.map(({ sequence }) => sequence)).toEqual(
            Array.from({ length: end?.chunks ?? -1 }, (_, i) => i),
          );
          if (witness?.of("speech.begin").some(({ utterance }) => utterance === line.id)) {
            expect(heard).toEqual(witness.frames.filter(({ handle }) => handle === begin?.handle));
          }
        }
      }),
      { numRuns: 40 },
    );
  },
  60_000,
);

test("who comes back after a line is over still gets all of it", async () => {
  const table = await setTable();
  const witness = new V2Client(table, "thorin");
  const pip = new Unlucky(table);
  pip.cut(1);
  const line = table.streams.speak({ text: "Said while you were away." });
  await line.handedOver;
  table.streams.heard(witness.connection, {
    type: "heard",
    utterance: line.id,
    heardMs: 1,
    state: "playing",
    underruns: 0,
    ended: true,
  });
  await line.done;
  pip.comeBack();
  await pip.hearEnds(1);
  expect(pip.knowledge.recovered).toEqual([false, true]);
  expect(pip.knowledge.frames).toEqual(witness.frames);
  expect(pip.knowledge.speech.map(({ type }) => type)).toEqual([
    "speech.begin",
    "speech.text",
    "speech.text",
    "speech.end",
  ]);
});

test("what is out of reach is told as text, and said to be lost", async () => {
  const table = await setTable({ streams: { history: { keepMs: 0 } } });
  const pip = new Unlucky(table);
  pip.cut(1);
  await table.streams.speak({ text: "Long forgotten. And longer.", to: ["pip", "elara"] }).done;
  await table.streams.speak({ text: "Not for pip.", to: ["elara"] }).done;
  const cancelled = table.streams.speak({ text: neverEnding() });
  cancelled.cancel();
  await cancelled.done;
  await Bun.sleep(5);
  pip.comeBack();
  pip.arrive();
  expect(pip.knowledge.recovered).toEqual([false, false]);
  expect(pip.knowledge.frames).toEqual([]);
  const told = pip.knowledge.speech.map((message) => [message.type, "text" in message ? message.text : ""]);
  expect(told).toEqual([
    ["speech.begin", ""],
    ["speech.text", "Long forgotten."],
    ["speech.text", "And longer."],
    ["speech.begin", ""],
    ["speech.cancel", ""],
    ["speech.end", ""],
  ]);
  // Once is enough.
  expect(new V2Client(table, "pip", { resume: pip.knowledge.resume }).speech).toEqual([]);
});

test("whenever a line's sound is forgotten while somebody comes back, they are told its text once", async () => {
  const now = performance.now.bind(performance);
  for (let look = 0; look < 12; look++) {
    const table = await setTable();
    const before = new V2Client(table, "pip");
    const { epoch, offset } = before.welcome;
    before.connection.ended(1006);
    await table.streams.speak({ text: "Said once.", to: ["pip"] }).done;
    let looks = 0;
    // From that look at the clock on it is two minutes later.
    using _clock = spyOn(performance, "now").mockImplementation(() => now() + (looks++ < look ? 0 : 120_000));
    const { speech } = new V2Client(table, "pip", { resume: { epoch, offset, utterances: [] } });
    const texts = speech.flatMap((message) =>
      message.type === "speech.text" && !message.words ? [message.text] : [],
    );
    expect([look, ...texts]).toEqual([look, "Said once."]);
  }
});

test("of texts whose sound is forgotten the latest are kept", async () => {
  const table = await setTable({ streams: { history: { keepMs: 0 } } });
  const pip = new Unlucky(table);
  pip.cut(1);
  const lines = Array.from({ length: 80 }, (_, line) => `Line ${line}. ${"And so on, and on. ".repeat(250)}`);
  for (const text of lines) await table.streams.speak({ text, to: ["pip"] }).done;
  await Bun.sleep(5);
  pip.comeBack();
  pip.arrive();
  const begins = pip.knowledge.speech.filter(({ type }) => type === "speech.begin");
  expect(begins.length).toBeWithin(4, 12);
  const texts = pip.knowledge.speech.flatMap((message) =>
    message.type === "speech.text" ? [message.text] : [],
  );
  expect(texts).toContain("Line 79.");
});

test("of lines that are over the latest are kept, for which there is room", async () => {
  const one = await setTable();
  const lineBytes = (await hearAlone(one, "One of many lines.")).bytes;
  const table = await setTable({ streams: { history: { bytes: 3.5 * lineBytes } } });
  const { epoch } = new V2Client(table, "elara").welcome;
  const offsets: number[] = [];
  for (let line = 0; line < 12; line++) offsets.push((await hearAlone(table, "One of many lines.")).offset);
  const recovered = offsets.map((offset) => {
    const client = new V2Client(table, "pip", { resume: { epoch, offset, utterances: [] } });
    const { recovered } = client.welcome;
    client.connection.ended();
    return recovered;
  });
  expect(recovered).toEqual(offsets.map((_, line) => line >= 12 - 3 - 1));
});

test("who heard a line is not kept with it", async () => {
  const table = await setTable();
  const heard: WeakRef<object>[] = [];
  for (let line = 0; line < 20; line++) {
    const { connection } = await hearAlone(table, "One of many lines.");
    heard.push(new WeakRef(connection));
  }
  await Bun.sleep(1);
  Bun.gc(true);
  // What the stack still holds by chance is not collected.
  expect(heard.filter((connection) => connection.deref() !== undefined).length).toBeLessThan(10);
});

test("what was whispered to others and forgotten is nobody's loss", async () => {
  const table = await setTable({ streams: { history: { keepMs: 0 } } });
  const pip = new Unlucky(table);
  pip.cut(1);
  await table.streams.speak({ text: "Not for pip.", to: ["thorin"] }).done;
  await Bun.sleep(5);
  pip.comeBack();
  pip.arrive();
  expect(pip.knowledge.recovered).toEqual([false, true]);
});

test("who joins in the middle of a line and is cut off is told nothing of a line that was over before they came", async () => {
  const table = await setTable();
  const _others = new V2Client(table, "elara");
  const release = table.engine.hold("Goes on.");
  const over = table.streams.speak({ text: "Was over." });
  const line = table.streams.speak({ text: "Goes on." });
  over.cancel();
  await over.done;
  const pip = new Unlucky(table);
  pip.cut(1);
  pip.comeBack();
  release();
  await pip.hearEnds(1);
  expect(new Set(pip.knowledge.speech.map(({ utterance }) => utterance))).toEqual(new Set([line.id]));
  expect(pip.knowledge.recovered).toEqual([false, true]);
});

test("another epoch begins anew", async () => {
  const table = await setTable();
  const client = new V2Client(table, "pip", {
    resume: { epoch: "before", offset: 999, utterances: [[1, 5]] },
  });
  expect(client.welcome).toMatchObject({ recovered: false, offset: 0 });
  await table.streams.speak({ text: "A new day." }).handedOver;
  expect(client.frames.length).toBeGreaterThan(0);
});

test("a page that is closed is not waited for", async () => {
  const table = await setTable();
  const release = table.engine.hold("Second.");
  const pip = new V2Client(table, "pip");
  const line = table.streams.speak({ text: "First. Second." });
  await until(() => table.engine.asked.length === 2);
  pip.connection.ended(1001);
  release();
  const report = await line.done;
  expect(report.players).toMatchObject([{ player: "pip", complete: false }]);
});

test("two tabs of one player come back each to its own place", async () => {
  const table = await setTable({ engine: { samplesPerChar: 400 } });
  const [one, two] = [new Unlucky(table), new Unlucky(table)];
  const release = table.engine.hold("Second sentence.");
  const line = table.streams.speak({ text: "First sentence. Second sentence. Third sentence." });
  await until(() => two.received > 8);
  one.cut(0.4);
  two.cut(1);
  one.comeBack();
  two.comeBack();
  release();
  const { players } = await line.handedOver;
  expect(players).toMatchObject([{ player: "pip", complete: true }]);
  for (const tab of [one, two]) {
    tab.arrive();
    const sequences = tab.knowledge.frames.map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.map((_, index) => index));
  }
  expect(one.knowledge.frames).toEqual(two.knowledge.frames);
});

/** A text that is still being written. */
async function* neverEnding(): AsyncGenerator<string> {
  await new Promise(() => undefined);
}

/** Has one listener hear a line to its end. @returns bytes of its frames, and what it was told last */
async function hearAlone(
  table: Table,
  text: string,
): Promise<{ bytes: number; offset: number; connection: V2Connection }> {
  const pip = new V2Client(table, "pip");
  const line = table.streams.speak({ text, to: ["pip"] });
  await line.handedOver;
  const report = { type: "heard", heardMs: 1, state: "playing", underruns: 0, ended: true } as const;
  table.streams.heard(pip.connection, { ...report, utterance: line.id });
  await line.done;
  const bytes = pip.socket.binaries.reduce((sum, { length }) => sum + length, 0);
  const { connection } = pip;
  connection.ended(1001);
  return { bytes, offset: pip.speech.at(-1)?.offset ?? 0, connection };
}

test("what was forgotten stays lost, also where a line that began before it is forgotten after it", async () => {
  const table = await setTable({ streams: { history: { keepMs: 200 } } });
  const [pip, elara] = [new V2Client(table, "pip"), new V2Client(table, "elara")];
  const hear = ({ connection }: V2Client, { id: utterance }: { id: string }): void =>
    table.streams.heard(connection, {
      type: "heard",
      utterance,
      heardMs: 1,
      state: "playing",
      underruns: 0,
      ended: true,
    });
  const first = table.streams.speak({ text: "One." });
  await until(() => pip.of("speech.end").length === 1);
  hear(pip, first);
  const offset = Math.max(...pip.speech.map((message) => message.offset));
  pip.connection.ended(1000);
  const second = table.streams.speak({ text: "Two." });
  await second.handedOver;
  hear(elara, second);
  await second.done;
  await first.done;
  await Bun.sleep(250);
  const { epoch } = pip.welcome;
  expect(
    new V2Client(table, "pip", { resume: { epoch, offset, utterances: [] } }).welcome.recovered,
  ).toBeFalse();
});

test("who comes back on a device that hears something else is sent what it was told", async () => {
  const table = await setTable({ engine: { samplesPerChar: 400 } });
  const phone = new V2Client(table, "pip", { codecs: ["opus"] });
  const releases = ["Two is said.", "Three is said."].map((text) => table.engine.hold(text));
  const line = table.streams.speak({ text: "One is said. Two is said. Three is said. Four is said." });
  await until(() => phone.frames.length > 0);
  phone.connection.ended(1006);
  const laptop = new V2Client(table, "pip", { codecs: ["pcm16"] });
  for (const release of releases) release();
  await line.handedOver;
  await until(() => laptop.of("speech.end").length === 1);
  expect(laptop.of("speech.begin")[0]?.codec).toBe("pcm16");
  expect(laptop.frames.length).toBeGreaterThan(0);
  // Nothing is packed in so many samples but samples.
  for (const { packets, payload } of laptop.frames)
    expect(payload.length).toBeGreaterThan((packets - 1) * 960);
});

test("a page that is loaded anew is told what it missed, as text and once, and hears what is being said from where the others are", async () => {
  const table = await setTable({ engine: { samplesPerChar: 120 } });
  const witness = new V2Client(table, "thorin");
  const pip = new V2Client(table, "pip");
  await table.streams.speak({ text: "Told before." }).done;
  const { epoch } = pip.welcome;
  const offset = Math.max(...pip.speech.map((message) => message.offset));
  pip.connection.ended(1001);
  await table.streams.speak({ text: "Missed. Both of it." }).done;
  await table.streams.speak({ text: "A whisper to another.", to: ["thorin"] }).done;
  const line = table.streams.speak({ text: "Being said. And going on." });
  await until(() => witness.of("speech.begin").length === 4);
  const anew = new V2Client(table, "pip", { resume: { epoch, offset, utterances: [], anew: true } });
  await line.done;
  const told = anew.speech.filter(({ type }) => type === "speech.text").filter((text) => !("atMs" in text));
  expect(told.map((message) => "text" in message && message.text)).toEqual([
    "Missed.",
    "Both of it.",
    "Being said.",
    "And going on.",
  ]);
  const [missed, live] = anew.of("speech.begin");
  expect(anew.of("speech.end").map(({ utterance }) => utterance)).toEqual([
    missed?.utterance ?? "",
    live?.utterance ?? "",
  ]);
  expect(new Set(anew.frames.map(({ handle }) => handle))).toEqual(new Set([live?.handle ?? -1]));
  const offsets = anew.speech.map((message) => message.offset);
  expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
});
