import { expect, test } from "bun:test";
import { setTable, type Table, until } from "../support/table.ts";
import { V2Client } from "../support/v2-client.ts";

/** 2.4 s of sound. */
const LINE = "A sentence. ".repeat(20).trim();

async function say(table: Table) {
  const line = table.streams.speak({ text: LINE });
  await line.handedOver;
  return line;
}

function report(utterance: string, heardMs: number, ended = false) {
  return { type: "heard", utterance, heardMs, state: "playing", underruns: 0, ended } as const;
}

test("who says nothing any more in the middle of a line has not heard all of it", async () => {
  const table = await setTable();
  const [pip, thorin] = [new V2Client(table, "pip"), new V2Client(table, "thorin")];
  const line = await say(table);
  const { durationMs } = await line.handedOver;
  table.streams.heard(pip.connection, report(line.id, 800));
  table.streams.heard(thorin.connection, report(line.id, durationMs, true));
  const { players, delivered } = await line.done;
  expect(players).toMatchObject([
    { player: "pip", complete: false, heardMs: 800, reason: "silent" },
    { player: "thorin", complete: true },
  ]);
  expect("reason" in (players[1] ?? {})).toBe(false);
  // It was handed over.
  expect(delivered).toBe(true);
});

test("who says that a line has ended long before its end has skipped the rest", async () => {
  const table = await setTable();
  const pip = new V2Client(table, "pip");
  const line = await say(table);
  table.streams.heard(pip.connection, report(line.id, 100, true));
  expect((await line.done).players).toMatchObject([{ complete: false, heardMs: 100, reason: "skipped" }]);
});

test.each([
  [1001, "left"],
  [1006, "lost"],
])(
  "whose socket is closed with %d in the middle of a line, and who does not come back, has %s",
  async (code, reason) => {
    const table = await setTable({ streams: { resumeMs: 300 } });
    const pip = new V2Client(table, "pip");
    const line = await say(table);
    table.streams.heard(pip.connection, report(line.id, 500));
    pip.connection.ended(code);
    expect((await line.done).players).toMatchObject([{ complete: false, heardMs: 500, reason }]);
  },
);

test("who comes back to the line that was handed over whole, before its end was told, is heard further", async () => {
  const table = await setTable();
  const pip = new V2Client(table, "pip");
  const line = await say(table);
  const { durationMs } = await line.handedOver;
  await until(() => pip.of("speech.end").length === 1);
  table.streams.heard(pip.connection, report(line.id, 300));
  pip.connection.ended(1006);
  // Every frame arrived, the end did not.
  const begin = pip.of("speech.begin")[0];
  const resume = {
    epoch: pip.welcome.epoch,
    offset: (pip.of("speech.end")[0]?.offset ?? 0) - 1,
    utterances: [[begin?.handle ?? 0, pip.frames.at(-1)?.sequence ?? 0] as [number, number]],
  };
  const back = new V2Client(table, "pip", { resume });
  await until(() => back.of("speech.end").length === 1);
  expect(back.frames).toEqual([]);
  table.streams.heard(back.connection, report(line.id, durationMs, true));
  expect((await line.done).players).toMatchObject([{ complete: true, heardMs: durationMs }]);
});

test("who reads behind the others, and says so, is waited for", async () => {
  const table = await setTable();
  const pip = new V2Client(table, "pip");
  const line = await say(table);
  const { durationMs } = await line.handedOver;
  let heardMs = 0;
  // Half as fast as the sound.
  const playing = setInterval(() => {
    heardMs = Math.min(durationMs, heardMs + 250);
    table.streams.heard(pip.connection, report(line.id, heardMs, heardMs === durationMs));
  }, 500);
  const { players } = await line.done;
  clearInterval(playing);
  expect(players).toMatchObject([{ complete: true, heardMs: durationMs }]);
}, 20_000);

test("a word that comes late is waited for as long as its client gives a sign of life: it is no word of silence", async () => {
  const table = await setTable();
  const pip = new V2Client(table, "pip");
  const line = await say(table);
  const { durationMs } = await line.handedOver;
  table.streams.heard(pip.connection, report(line.id, 800));
  const isAsked = until(() => pip.of("ping").length > 0).then(() => "asked");
  expect(await Promise.race([isAsked, line.done.then(() => "done")])).toBe("asked");
  table.connections.markPong("pip", pip.connection);
  await Bun.sleep(500);
  table.streams.heard(pip.connection, report(line.id, durationMs, true));
  expect((await line.done).players).toMatchObject([{ complete: true, heardMs: durationMs }]);
}, 20_000);

test("on dm20 a line is over when its time is, and who answers the ping then has heard it", async () => {
  const table = await setTable();
  const [alive, stopped] = [table.join("thorin"), table.join("pip")];
  const pongs = setInterval(() => table.connections.markPong("thorin", alive.connection), 50);
  table.connections.markPong("pip", stopped.connection);
  const since = performance.now();
  const line = await say(table);
  expect((await line.handedOver).players).toMatchObject([{ complete: true }, { complete: true }]);
  const { players, durationMs, delivered } = await line.done;
  clearInterval(pongs);
  expect(performance.now() - since).toBeGreaterThan(durationMs);
  expect(delivered).toBe(true);
  expect(players).toMatchObject([
    { player: "thorin", complete: true, heardMs: durationMs },
    { player: "pip", complete: false, heardMs: 0, reason: "silent" },
  ]);
});

test("who closes a dm20 page in the middle of a line has heard as much of it as there was time for", async () => {
  const table = await setTable();
  const pip = table.join("pip");
  const line = await say(table);
  await Bun.sleep(400);
  pip.connection.ended(1001);
  const { players, durationMs } = await line.done;
  expect(players).toMatchObject([{ complete: false, reason: "left" }]);
  expect(players[0]?.heardMs).toBeWithin(350, durationMs - 300);
});

test("whose sound was taken in the middle of a line has not heard the rest of it", async () => {
  const table = await setTable();
  const pip = new V2Client(table, "pip");
  const line = await say(table);
  table.streams.heard(pip.connection, { ...report(line.id, 600, true), state: "text-only" });
  expect((await line.done).players).toMatchObject([{ complete: false, heardMs: 600, reason: "silent" }]);
});

test("a line that is cancelled before its turn says nothing about how its listeners are", async () => {
  const table = await setTable();
  const pip = new V2Client(table, "pip");
  const first = await say(table);
  const second = table.streams.speak({ text: "And this waits." });
  await second.handedOver;
  for (const line of [first, second]) line.cancel();
  table.streams.heard(pip.connection, { ...report(first.id, 300, true), state: "playing" });
  table.streams.heard(pip.connection, { ...report(second.id, 0, true), state: "text-only" });
  expect(pip.connection.v2.state).toBe("playing");
});

test("a line of which no engine made a sound says nothing about how its listeners are", async () => {
  const table = await setTable({ engine: { failsOn: () => true } });
  const pip = new V2Client(table, "pip");
  const line = await say(table);
  table.streams.heard(pip.connection, { ...report(line.id, 0, true), state: "text-only" });
  expect(pip.connection.v2.state).toBe("playing");
});

test("who never says how far they hear has heard what there was time for, whenever they go", async () => {
  const table = await setTable({ streams: { resumeMs: 300 } });
  const [whole, half] = [new V2Client(table, "thorin"), new V2Client(table, "pip")];
  const line = await say(table);
  const { durationMs } = await line.handedOver;
  await Bun.sleep(durationMs / 2);
  half.connection.ended(1000);
  await Bun.sleep(durationMs / 2 + 50);
  whole.connection.ended(1000);
  const { players } = await line.done;
  expect(players).toMatchObject([
    { player: "thorin", complete: true },
    { player: "pip", complete: false, reason: "left" },
  ]);
  expect(players[0]?.heardMs).toBeGreaterThanOrEqual(durationMs);
  expect(players[1]?.heardMs).toBeGreaterThan(durationMs / 4);
  expect(players[1]?.heardMs).toBeLessThan(durationMs * 0.9);
});

test("who closes the page while a line is still being made hears no more of it, also where nothing says that they stay away", async () => {
  const table = await setTable({ streams: { resumeMs: 400 }, engine: { samplesPerChar: 1_000 } });
  const pip = new V2Client(table, "pip");
  const since = performance.now();
  const line = table.streams.speak({ text: LINE });
  await until(() => pip.frames.length > 0);
  // It says goodbye without a code, and a message is in the way of it.
  pip.socket.send = () => {
    throw new Error("closing");
  };
  pip.connection.post("{}");
  pip.connection.flush();
  pip.connection.ended(1005);
  const goneMs = performance.now() - since;
  const { players } = await line.done;
  expect(players).toMatchObject([{ complete: false }]);
  expect(players[0]?.heardMs).toBeLessThan(goneMs + 200);
});

test("who has turned the sound off is told as muted before they say anything of the line", async () => {
  const table = await setTable();
  const pip = new V2Client(table, "pip");
  pip.connection.v2.change({ type: "settings", muted: true });
  const line = await say(table);
  expect((await line.handedOver).players).toMatchObject([{ player: "pip", complete: true, muted: true }]);
  line.cancel();
});

test("who left before all was written has not heard the line, also where nothing more was made of it", async () => {
  const table = await setTable();
  const [pip, thorin] = [new V2Client(table, "pip"), new V2Client(table, "thorin")];
  let write: (text: string) => void = () => undefined;
  const rest = new Promise<string>((resolve) => {
    write = resolve;
  });
  async function* text(): AsyncGenerator<string> {
    yield "A short one. And ";
    yield await rest;
  }
  const line = table.streams.speak({ text: text() });
  await until(() => thorin.frames.length > 0 && pip.frames.length > 0);
  pip.connection.ended(1001);
  table.streams.speak({ text: "Now!", to: ["thorin"], interrupt: "drop", priority: 99 }).cancel();
  write("then another.");
  const { players } = await line.handedOver;
  expect(players.find(({ player }) => player === "pip")).toMatchObject({ complete: false, reason: "left" });
});

test("whose connection ends while a sign of life is waited for is not known to have heard the line", async () => {
  const table = await setTable();
  const gimli = table.join("gimli");
  table.connections.markPong("gimli", gimli.connection);
  const line = table.streams.speak({ text: "Hear, hear." });
  await line.handedOver;
  const before = gimli.of("ping").length;
  await until(() => gimli.of("ping").length > before);
  gimli.connection.ended(1006);
  expect((await line.done).players).toMatchObject([{ player: "gimli", complete: false, reason: "lost" }]);
});

test.each([
  ["closed by the server, which had no answer", "left"],
  ["broken", "lost"],
])(
  "who never said anything, and whose socket is %s, is not known to have heard the line",
  async (how, reason) => {
    const table = await setTable({ streams: { resumeMs: 300 } });
    const pip = new V2Client(table, "pip");
    const line = table.streams.speak({ text: "Hear, hear." });
    const { durationMs } = await line.handedOver;
    await Bun.sleep(durationMs + 50);
    if (how === "broken") pip.connection.ended(1006);
    else {
      pip.connection.close(1001, "no answer to the ping");
      // So a runtime tells that it is gone.
      pip.connection.ended(1001);
    }
    expect((await line.done).players).toMatchObject([{ player: "pip", complete: false, reason }]);
  },
);
