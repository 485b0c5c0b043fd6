import { expect, test } from "bun:test";
import { setTable, until } from "../support/table.ts";

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
