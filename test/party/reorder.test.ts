import { expect, test } from "bun:test";
import { setTable, until } from "../support/table.ts";
import { V2Client } from "../support/v2-client.ts";

const STORY = "A long tale that goes on and on. ".repeat(10).trim();

/** In the order in which a client was sent the first frame of each line. */
function heardFirst(client: V2Client): (string | undefined)[] {
  const handles = [...new Set(client.frames.map(({ handle }) => handle))];
  return handles.map(
    (handle) => client.of("speech.begin").find((begin) => begin.handle === handle)?.utterance,
  );
}

test("a line that waits is begun where it was moved to, whatever its priority, and its text was told long before", async () => {
  const table = await setTable({ engine: { samplesPerChar: 3000 } });
  const thorin = new V2Client(table, "thorin");
  const { streams } = table;
  const first = streams.speak({ text: STORY });
  await until(() => thorin.frames.length > 0);
  const [combat, one, two] = [
    streams.speak({ text: "Draw!", context: "combat" }),
    streams.speak({ text: "One." }),
    streams.speak({ text: "Two." }),
  ];
  const waiting = (): string[] => streams.movable.map(({ id }) => id);
  expect(waiting()).toEqual([combat.id, one.id, two.id]);
  const texts = thorin.of("speech.text").length;
  streams.move(two.id, combat.id);
  expect(waiting()).toEqual([two.id, combat.id, one.id]);
  streams.move(combat.id);
  expect(waiting()).toEqual([two.id, one.id, combat.id]);
  expect(thorin.of("speech.text")).toHaveLength(texts);
  first.cancel();
  await Promise.all([combat.handedOver, one.handedOver, two.handedOver]);
  expect(heardFirst(thorin)).toEqual([first.id, two.id, one.id, combat.id]);
  for (const line of [combat, one, two]) line.cancel();
});
