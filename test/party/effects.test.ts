import { expect, test } from "bun:test";
import { setTable } from "../support/table.ts";

test("an effect that there is not is refused before anything is said, with the ones that there are", async () => {
  const table = await setTable();
  for (const voice of [{ effects: ["echo"] }, { extra: { effects: "echo" } }]) {
    const speaking = () => table.streams.speak({ text: "Who goes there?", voice });
    expect(speaking).toThrow(/effects\S*: expected effects among cave, telepathy, giant, spirit, radio/);
  }
  expect(table.engine.asked).toEqual([]);
});
