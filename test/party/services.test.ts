import { expect, test } from "bun:test";
import { type Dm20Client, startServer } from "../support/server.ts";
import { type Mood, type StandInName, startStandIns } from "../support/services/stand-ins.ts";
import { until } from "../support/table.ts";

const services = await startStandIns(300);
const server = await startServer({
  engines: [...services.engines, "espeak"],
  tiers: { fallback: ["espeak"], speed: ["espeak"], quality: ["espeak"] },
  pool: { size: 2 },
});
const names = Object.keys(services.moods) as StandInName[];
const cases = names.flatMap((name) =>
  (["drop", "hang"] as const).map((mood): [StandInName, Mood] => [name, mood]),
);

test.each(cases)(
  "where %s does %s in the middle of a line, every listener gets every sentence once, and the next engine says it",
  async (name, mood) => {
    // Who comes while a line before is heard hears the rest of it.
    await until(() => server.party.streams.performances.length === 0);
    const party = [await server.join("thorin"), await server.join("elara")];
    await wellAgain(name);
    services.moods[name] = mood;
    const line = { text: "The dragon roars! Smoke fills the hall.", voice: { engine: name } };
    const before = services.asked[name];
    const report = await (await server.speak(line)).json();
    // One that hangs is not asked for the second sentence; a breach may come before the first sound, and is tried again.
    const asked = services.asked[name] - before;
    if (mood === "hang") expect(asked).toBe(1);
    else expect(asked).toBeGreaterThanOrEqual(2);
    services.moods[name] = "well";
    expect(report).toMatchObject({ delivered: true, sentences: 2, engines: ["espeak"] });
    for (const client of party) {
      await until(() => client.clips.length === 2);
      expect(client.of("narrative").map(({ content }) => content)).toEqual([line.text]);
      expect(heard(client)).toEqual(heard(party[0] ?? client));
      client.socket.close();
    }
  },
);

/** What broke off is out of order until a trial has succeeded. */
async function wellAgain(name: string): Promise<void> {
  const isOutOfOrder = async () => {
    const { engines } = await server.party.status();
    return engines.find((engine) => engine.name === name)?.outOfOrder !== undefined;
  };
  while (await isOutOfOrder()) await Bun.sleep(20);
}

const heard = (client: Dm20Client) => client.clips.map(({ bytes }) => Bun.hash(bytes));
