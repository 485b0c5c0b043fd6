import { expect, test } from "bun:test";
import { setTable, until } from "../support/table.ts";
import { V2Client } from "../support/v2-client.ts";

/** 0.8 s of sound each. */
const FIRST = `${"A sentence that is long enough to be heard".padEnd(79, " indeed")}.`;
const SECOND = `${"Another one that is as long as the first".padEnd(79, " indeed")}.`;

test("who comes to a line that was made for the other wire only has not heard it", async () => {
  const table = await setTable();
  const gimli = table.join("gimli");
  const release = table.engine.hold(SECOND);
  const line = table.streams.speak({ text: `${FIRST} ${SECOND}` });
  await until(() => table.engine.asked.includes(SECOND));
  const pip = new V2Client(table, "pip");
  release();
  const { players, durationMs } = await line.handedOver;
  expect(durationMs).toBeGreaterThan(1_000);
  expect(gimli.clips).toHaveLength(2);
  expect(players.find(({ player }) => player === "pip")).toMatchObject({ complete: false, reason: "late" });
  table.streams.cancel(line.id);
  pip.connection.ended(1000);
});

test("who comes back is not promised sound that was made in no codec of theirs", async () => {
  const table = await setTable();
  const [pip, thorin] = [new V2Client(table, "pip"), new V2Client(table, "thorin", { codecs: ["opus"] })];
  const { epoch, offset } = pip.welcome;
  pip.connection.ended(1006);
  const line = table.streams.speak({ text: FIRST });
  await line.handedOver;
  expect(thorin.frames.length).toBeGreaterThan(0);
  const resume = { epoch, offset, utterances: [] };
  expect(new V2Client(table, "pip", { resume }).welcome.recovered).toBe(false);
  expect(new V2Client(table, "merry", { codecs: ["opus"], resume }).welcome.recovered).toBe(true);
  line.cancel();
});

test("who comes back while a sentence is made in another codec is promised nothing of it", async () => {
  const table = await setTable();
  const pip = new V2Client(table, "pip");
  new V2Client(table, "thorin", { codecs: ["opus"] });
  const { epoch, offset } = pip.welcome;
  pip.connection.ended(1006);
  const release = table.engine.hold(FIRST);
  const line = table.streams.speak({ text: FIRST });
  await until(() => table.engine.asked.includes(FIRST));
  const resume = { epoch, offset, utterances: [] };
  expect(new V2Client(table, "pip", { resume }).welcome.recovered).toBe(false);
  release();
  await line.handedOver;
  line.cancel();
});
