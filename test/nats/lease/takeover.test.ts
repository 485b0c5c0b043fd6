import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { hasNats } from "../../support/nats-server.ts";
import { LeaseTable } from "./lease-table.ts";

/** Quicker than by default, so that a takeover after silence need not be waited for; looks are the default's. */
const TIMES = { beatMs: 200, silenceMs: 1_200, probeMs: 100 };

describe.skipIf(!hasNats)("a party that three processes want", () => {
  let table: LeaseTable;

  beforeAll(async () => {
    table = await LeaseTable.open(TIMES);
  });

  afterAll(() => table?.close());

  test("is taken long before silence when its holder is killed", async () => {
    const { holder } = table;
    table.signal(holder, "SIGKILL");
    expect(await table.takeover()).toBeLessThan(TIMES.silenceMs);
    expect(table.holder).not.toBe(holder);
    await table.launch(holder);
  });

  test("is taken from a holder that froze, of whom nothing is believed when it wakes", async () => {
    const { holder } = table;
    table.signal(holder, "SIGSTOP");
    // Not before it has been silent: its connection is there, and its last beat may be one beat old.
    expect(await table.takeover()).toBeGreaterThan(TIMES.silenceMs - 2 * TIMES.beatMs);
    const { epochs } = table;
    table.signal(holder, "SIGCONT");
    await Bun.sleep(2 * TIMES.beatMs);
    expect(table.epochs).toBe(epochs);
    expect([...table.shared]).toEqual([]);
  });

  test("stays where it is while the server stands still, and afterwards", async () => {
    const { epochs, holder } = table;
    table.server.pause();
    await Bun.sleep(2 * TIMES.silenceMs);
    table.server.goOn();
    await table.next(({ node }) => node === holder);
    await Bun.sleep(TIMES.silenceMs);
    expect({ holder: table.holder, epochs: table.epochs }).toEqual({ holder, epochs });
  });

  test("is handed over at once by a holder that ends in good order", async () => {
    const { holder } = table;
    table.signal(holder, "SIGTERM");
    // One that is killed is first missed twice.
    expect(await table.takeover()).toBeLessThan(TIMES.silenceMs);
    expect(table.holder).not.toBe(holder);
    expect([...table.shared]).toEqual([]);
  });
});
