import { describe, expect, test } from "bun:test";
import { hasNats } from "../../support/nats-server.ts";
import { seeded } from "../../support/random.ts";
import { PartySchedule } from "./party-schedule.ts";
import { TROUBLES, TroubledHouse } from "./troubled-house.ts";
import { strayWhispers } from "./whispers-on-nats.ts";

/** `HOUSE_SEEDS=1-10 bun test test/nats/house/schedules.test.ts`: ten houses, two hundred schedules. */
const [first = 1, last = first] = (process.env.HOUSE_SEEDS ?? "1").split("-").map(Number);
const SEEDS = Array.from({ length: last - first + 1 }, (_, at) => first + at);
/** Each has a seed of its own, and all of them go through the same trouble. */
const TABLES = 20;
/** Things that happen at each table in the time of one trouble. */
const STEPS = 2;
/** ms until a house must have come to rest. */
const PATIENCE_MS = 180_000;

describe.skipIf(!hasNats)("whatever happens to nodes, to NATS and to listeners", () => {
  for (const seed of SEEDS)
    test(
      `at ${TABLES} tables no text is lost or comes twice, sound goes on where it was, and nobody is told what is for others (seed ${seed})`,
      async () => {
        const random = seeded(seed);
        const choose = (count: number): number => Math.floor(random() * count);
        const house = await TroubledHouse.open({ tables: TABLES, choose });
        const schedules = Array.from(
          { length: TABLES },
          (_, table) => new PartySchedule(table, seed * 1_000 + table, () => house.nodes),
        );
        try {
          await Promise.all(schedules.map((schedule) => schedule.begin()));
          for (const left = [...TROUBLES]; left.length > 0; ) {
            const [trouble] = left.splice(choose(left.length), 1);
            const steps = schedules.map(async (schedule) => {
              for (let step = 0; step < STEPS; step++) await schedule.step();
            });
            await Promise.all([...steps, trouble && house.trouble(trouble)]);
          }
          await house.whole();
          await Promise.all(schedules.map((schedule) => schedule.settle()));
          const faults = schedules.flatMap(({ table, faults }) =>
            faults.map((fault) => `table ${table}: ${fault}`),
          );
          expect(faults).toEqual([]);
          const { strays, seen } = strayWhispers(house.messages, schedules);
          expect(strays).toEqual([]);
          expect(seen).toBeGreaterThan(TABLES);
          const resumed = schedules.filter(({ isResumed }) => isResumed).length;
          if (SEEDS.length > 1)
            console.log(
              `seed ${seed}: ${seen} messages with whispers, ${resumed} lines resumed in their middle`,
            );
          // One whose sound was all on its way already had nothing to go on with.
          expect(resumed).toBeGreaterThan(TABLES / 2);
        } finally {
          for (const schedule of schedules) schedule.goHome();
          await house.close();
        }
      },
      PATIENCE_MS,
    );
});
