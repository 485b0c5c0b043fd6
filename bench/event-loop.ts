import { createParty } from "../src/party/create-party.ts";
import { addedRow, quantile, type Row } from "./row.ts";
import { silentSocket } from "./support/silent-socket.ts";
import { LONG } from "./support/texts.ts";

const SECONDS = 4;

/** How long the serving thread keeps others waiting while the pool synthesises without pause. */
export async function eventLoop(): Promise<Row[]> {
  const party = await createParty({ cache: false });
  party.connections.connect(silentSocket(), "thorin");
  party.connections.connect(silentSocket(), "elara");
  await party.streamToAll(LONG);

  const idle = await delays(SECONDS);
  let busy = true;
  const speaking = ["thorin", "elara"].map(async (player) => {
    while (busy) await party.streamToPlayer(player, LONG);
  });
  const loaded = await delays(SECONDS);
  busy = false;
  await Promise.all(speaking);
  await party.close();
  return [
    addedRow(
      "event-loop delay with the pool saturated, p99",
      { value: loaded, control: idle, unit: "ms", controlName: "the idle process" },
      5,
    ),
  ];
}

/** p99 of how late a 1 ms timer comes, in ms, over some seconds. */
async function delays(seconds: number): Promise<number> {
  const late: number[] = [];
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    const start = performance.now();
    await Bun.sleep(1);
    late.push(performance.now() - start - 1);
  }
  return quantile(late, 0.99);
}
