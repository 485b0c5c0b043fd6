import { expect, test } from "bun:test";
import type { Passage } from "../../../src/core/text/passage-splitter.ts";
import { passagesOf } from "../../../src/core/text/passages.ts";

/** A clock that goes on when the test says so. */
class Clock {
  #now = 0;
  readonly #waiting = new Map<number, { at: number; callback: () => void }>();
  #next = 0;
  readonly timers = {
    set: (callback: () => void, ms: number): number => {
      this.#waiting.set(++this.#next, { at: this.#now + ms, callback });
      return this.#next;
    },
    clear: (timer: unknown): void => {
      this.#waiting.delete(timer as number);
    },
  };

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Goes on by so much, and lets everything happen that is due by then, in order. */
  async pass(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      await settled();
      const due = [...this.#waiting]
        .filter(([, { at }]) => at <= until)
        .sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      this.#now = due[1].at;
      this.#waiting.delete(due[0]);
      due[1].callback();
    }
    this.#now = until;
    await settled();
  }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
  await new Promise((resolve) => setTimeout(resolve, 0));
}

/** A text that is being written, and what of it has been given out. */
function reading(omit?: "think"[]) {
  const clock = new Clock();
  const given: string[] = [];
  const source = new TransformStream<string, string>();
  const writer = source.writable.getWriter();
  const patience = { sureMs: 250, doubtfulMs: 1000, timers: clock.timers };
  const options = { language: "en", maxChars: 1000, patience, omit };
  const done = (async () => {
    for await (const passages of passagesOf(source.readable, options) as AsyncIterable<Passage[]>)
      given.push(...passages.map(({ text }) => text));
  })();
  return {
    clock,
    given,
    done,
    write: async (delta: string) => {
      void writer.write(delta);
      await settled();
    },
    end: () => writer.close(),
  };
}

test("a sentence that has ended is given out after 250 ms of nothing, and the rest follows", async () => {
  const { clock, given, write, end, done } = reading();
  await write("The gate creaks ");
  await write("open.");
  await clock.pass(240);
  expect(given).toEqual([]);
  await clock.pass(20);
  expect(given).toEqual(["The gate creaks open."]);
  await write(" Nobody is there. ");
  await write("Or");
  expect(given).toEqual(["The gate creaks open.", "Nobody is there."]);
  void end();
  await done;
  expect(given).toEqual(["The gate creaks open.", "Nobody is there.", "Or"]);
  expect(clock.waiting).toBe(0);
});

test.each([
  ["Ask for Dr.", " Vane.", ["Ask for Dr.", "Vane."]],
  ["You rolled a 3.", "5.", ["You rolled a 3.", "5."]],
  ["“Run!”", " she said.", ["“Run!”", "she said."]],
  ["I saw… ", "nothing.", ["I saw…", "nothing."]],
  ["- a rope\n", "- a torch", ["- a rope", "- a torch"]],
])("an end in doubt, %j, waits for a second", async (text, rest, expected) => {
  const { clock, given, write, end, done } = reading();
  await write(text);
  await clock.pass(990);
  expect(given).toEqual([]);
  await clock.pass(20);
  expect(given).toEqual(expected.slice(0, 1));
  await write(rest);
  void end();
  await done;
  expect(given).toEqual(expected);
});

test("a sentence behind which a word has begun is given out, too", async () => {
  const { clock, given, write, end, done } = reading();
  await write("Short. La");
  expect(given).toEqual(["Short."]);
  await write("te at 5 p.m. Gob");
  await clock.pass(990);
  expect(given).toEqual(["Short."]);
  await clock.pass(20);
  expect(given).toEqual(["Short.", "Late at 5 p.m."]);
  await write("lins wait.");
  void end();
  await done;
  expect(given).toEqual(["Short.", "Late at 5 p.m.", "Goblins wait."]);
});

test("what comes in time goes on with the sentence", async () => {
  const { clock, given, write, end, done } = reading();
  await write("Ask for Dr.");
  await clock.pass(900);
  await write(" Vane. Then go");
  await clock.pass(5000);
  expect(given).toEqual(["Ask for Dr. Vane."]);
  void end();
  await done;
});

test("marks that close a sentence do not keep it waiting, and belong to it", async () => {
  const { clock, given, write, end, done } = reading();
  await write("**The gate is open.**");
  await clock.pass(260);
  expect(given).toEqual(["**The gate is open.**"]);
  await write(" You *enter.*");
  void end();
  await done;
  expect(given).toEqual(["**The gate is open.**", "You *enter.*"]);
});

test("where no sentence has ended nothing is given out, however long it takes", async () => {
  const { clock, given, write, end, done } = reading();
  for (const text of ["She walks", " to the", " [pause", " 1s] and (no. Never"]) {
    await write(text);
    await clock.pass(5000);
  }
  expect(given).toEqual(["She walks to the"].slice(0, given.length));
  void end();
  await done;
  expect(given.join(" ")).toBe("She walks to the and (no. Never");
});

test("thoughts that are left out keep nobody waiting, and are not shown", async () => {
  const { clock, given, write, end, done } = reading(["think"]);
  await write("<thi");
  await write("nk>I should be grim.</think>The gate creaks open.");
  await clock.pass(260);
  expect(given).toEqual(["The gate creaks open."]);
  await write("<think>And now?");
  void end();
  await done;
  expect(given).toEqual(["The gate creaks open."]);
});

test.each([
  ["The gate opens. [", "pause 1s] Go.", ["Go."]],
  ["The gate opens. **", "Now** go.", ["**Now** go."]],
  ["The gate opens. `", "Rope` it is.", ["`Rope` it is."]],
  ["The gate opens.\n-", " a rope\n", ["- a rope"]],
  ["The gate opens.\nA", ") Fight", ["A) Fight"]],
  ["The gate opens. <", "https://a.example>", ["<https://a.example>"]],
])(
  "what may become a mark behind it, %j, keeps no finished sentence waiting",
  async (text, rest, expected) => {
    const { clock, given, write, end, done } = reading();
    await write(text);
    await clock.pass(260);
    expect(given).toEqual(["The gate opens."]);
    await write(rest);
    void end();
    await done;
    expect(given).toEqual(["The gate opens.", ...expected]);
    expect(clock.waiting).toBe(0);
  },
);

test("who gives up while a sentence is waited with leaves no timer behind", async () => {
  const clock = new Clock();
  const source = new TransformStream<string, string>();
  const writer = source.writable.getWriter();
  const giveUp = new AbortController();
  const patience = { sureMs: 250, doubtfulMs: 1000, timers: clock.timers };
  const options = { maxChars: 1000, patience, signal: giveUp.signal };
  const done = Array.fromAsync(passagesOf(source.readable, options));
  done.catch(() => undefined);
  void writer.write("Ask for Dr.").catch(() => undefined);
  await settled();
  expect(clock.waiting).toBe(1);
  giveUp.abort(new Error("nobody listens"));
  await expect(done).rejects.toThrow("nobody listens");
  expect(clock.waiting).toBe(0);
});
