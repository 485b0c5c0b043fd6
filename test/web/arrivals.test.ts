import { expect, test } from "bun:test";
import type { Presence } from "../../src/core/protocol/presence.ts";
import { arrivals } from "../../src/web/play/arrivals.ts";

function table(...here: string[]): Presence[] {
  return ["thorin", "elara", "old_mara"].map((id) => {
    const connections = here.includes(id) ? 1 : 0;
    return { id, connections, state: connections > 0 ? "connected" : "away" };
  });
}

test("who came and who left is said by name, except of oneself", () => {
  expect(arrivals(table("thorin"), table("thorin", "elara", "old_mara"), "thorin")).toBe(
    "Elara and Old Mara joined the table.",
  );
  expect(arrivals(table("thorin", "elara"), table("old_mara"), "thorin")).toBe(
    "Old Mara joined the table. Elara left the table.",
  );
});

test("the first look, and another device of somebody who is here, are no news", () => {
  expect(arrivals([], table("elara"), "thorin")).toBeUndefined();
  const two = table("elara").map((player) => ({ ...player, connections: 2 * player.connections }));
  expect(arrivals(table("elara"), two, "thorin")).toBeUndefined();
});
