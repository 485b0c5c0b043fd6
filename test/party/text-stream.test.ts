import { expect, test } from "bun:test";
import { setTable, until } from "../support/table.ts";
import { V2Client } from "../support/v2-client.ts";

/** A text whose deltas the test writes. */
function writing(): { text: ReadableStream<string>; write(delta: string): void; end(): void; fail(): void } {
  let controller: ReadableStreamDefaultController<string> | undefined;
  const text = new ReadableStream<string>({
    start(own) {
      controller = own;
    },
  });
  return {
    text,
    write: (delta) => controller?.enqueue(delta),
    end: () => controller?.close(),
    fail: () => controller?.error(new Error("the model hung up")),
  };
}

test("a sentence is shown and spoken while the rest of the text is still being written", async () => {
  const { streams, join } = await setTable();
  const thorin = join("thorin");
  const { text, write, end } = writing();
  const line = streams.speak({ text });
  write("The door creaks op");
  write("en. Some");
  await until(() => thorin.of("audio").length > 0);
  expect(thorin.of("narrative").map((message) => message.content)).toEqual(["The door creaks open."]);
  expect(thorin.clips).toHaveLength(1);
  write("thing moves.");
  end();
  expect((await line.done).delivered).toBe(true);
  expect(thorin.of("narrative").map((message) => message.content)).toEqual([
    "The door creaks open.",
    "Something moves.",
  ]);
  expect(new Set(thorin.of("narrative").map((message) => message.id)).size).toBe(2);
});

test("a sentence is spoken while the model that writes the text pauses, and nothing is said twice", async () => {
  const { streams, join, engine } = await setTable({ streams: { patience: { sureMs: 30, doubtfulMs: 60 } } });
  const thorin = join("thorin");
  const { text, write, end } = writing();
  const line = streams.speak({ text });
  write("The **gate** creaks open.");
  await until(() => thorin.clips.length === 1);
  write(" You rolled a 3.");
  await until(() => thorin.clips.length === 2);
  write(" Go");
  end();
  expect((await line.done).delivered).toBe(true);
  expect(engine.asked).toEqual(["The gate creaks open.", "You rolled a three.", "Go"]);
  expect(thorin.of("narrative").map((message) => message.content)).toEqual([
    "The **gate** creaks open.",
    "You rolled a 3.",
    "Go",
  ]);
});

test("who comes back to a text that was read no further, as nobody listened, is told that it broke off", async () => {
  const table = await setTable({ streams: { resumeMs: 100 } });
  const thorin = new V2Client(table, "thorin");
  const { text, write } = writing();
  const line = table.streams.speak({ text });
  write("The door creaks open. Some");
  await until(() => thorin.frames.length > 0);
  const { epoch } = thorin.welcome;
  thorin.connection.ended(1006);
  // Whoever lost the connection is waited for; whether anybody listens is looked for with the next sentence.
  await Bun.sleep(200);
  write("thing moves. And");
  await line.handedOver;
  const [begin] = thorin.of("speech.begin");
  const place: [number, number] = [begin?.handle ?? 0, thorin.frames.at(-1)?.sequence ?? 0];
  const resume = { epoch, offset: thorin.speech.at(-1)?.offset ?? 0, utterances: [place] };
  const back = new V2Client(table, "thorin", { resume });
  await until(() => back.of("speech.end").length > 0);
  expect(back.of("speech.end")).toMatchObject([{ utterance: line.id, brokenOff: true }]);
});

test("thoughts of a model are neither shown nor said where they are to be left out", async () => {
  const { streams, join, engine } = await setTable();
  const thorin = join("thorin");
  const { text, write, end } = writing();
  const line = streams.speak({ text, omit: ["think"] });
  for (const delta of ["<th", "ink>Be grim. [pause 1s]</th", "ink>Halt! Who", " goes?<think>And"])
    write(delta);
  end();
  await line.done;
  await streams.speak({ text: "<think>Hm.</think>Go.", omit: ["think"] }).done;
  expect(engine.asked).toEqual(["Halt!", "Who goes?", "Go."]);
  expect(thorin.of("narrative").map((message) => message.content)).toEqual(["Halt!", "Who goes?", "Go."]);
  await streams.speak({ text: "<think>Hm.</think>" }).done;
  expect(engine.asked.slice(3)).toEqual(["<think>Hm.</think>"]);
});

test("stage directions are said where that is asked for", async () => {
  const { streams, join, engine } = await setTable();
  join("thorin");
  const text = "*sighs* I told you.";
  await streams.speak({ text }).done;
  await streams.speak({ text, stageDirections: "said" }).done;
  expect(engine.asked).toEqual(["I told you.", "sighs I told you."]);
});

test("items, rows and headings are sentences with a pause between them", async () => {
  const { streams, join, engine } = await setTable();
  const thorin = join("thorin");
  await streams.speak({
    text: "# Loot\n- a rope\n- `5 gp`\n- a map\n\n| HP | AC |\n|--|--|\n| 12 | 15 |\n\n`a b`",
  }).done;
  expect(engine.asked).toEqual(["Loot", "a rope", "a map", "HP, AC", "twelve, fifteen"]);
  const breaks = thorin.clips.map(({ durationMs }, i) => durationMs - (engine.asked[i]?.length ?? 0) * 10);
  expect(breaks).toEqual([0, 400, 250, 250, 250]);
});

test("a text that breaks off is spoken as far as it came", async () => {
  const { streams, join } = await setTable();
  const thorin = join("thorin");
  const { text, write, fail } = writing();
  const line = streams.speak({ text });
  write("It ends here. Or doe");
  await until(() => thorin.of("audio").length > 0);
  fail();
  const report = await line.done;
  expect(report).toMatchObject({ delivered: false, problems: [{ code: "text-failed" }] });
  expect(thorin.clips).toHaveLength(1);
});

test("a text that goes on for too long is cut, and its source is told", async () => {
  const { streams, join } = await setTable({ streams: { maxChars: 50 } });
  join("thorin");
  let cancelled = false;
  async function* endless(): AsyncGenerator<string> {
    try {
      for (;;) yield "Again and again. ";
    } finally {
      cancelled = true;
    }
  }
  const report = await streams.speak({ text: endless() }).done;
  expect(report.problems[0]?.code).toBe("text-too-long");
  await until(() => cancelled);
});

test("cancelling ends a text that has stopped arriving", async () => {
  const { streams, join } = await setTable();
  join("thorin");
  const { text, write } = writing();
  const line = streams.speak({ text });
  write("Half a sen");
  line.cancel();
  expect(await line.done).toMatchObject({ cancelled: true });
});

test("with nobody there the text is not even read", async () => {
  const { streams } = await setTable();
  const { text } = writing();
  expect((await streams.speak({ text }).done).listeners).toBe(0);
});
