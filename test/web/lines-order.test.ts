import { expect, test } from "bun:test";
import type { PreparedLine } from "../../src/core/protocol/prepared-line.ts";
import { asBase, baseOf, withBase } from "../../src/web/dm/invitations/link-base.ts";
import { samePlayer } from "../../src/web/dm/invitations/same-player.ts";
import { grouped, moved, movedBefore } from "../../src/web/dm/lines/order.ts";

const cue = (id: string, group: string): PreparedLine => ({ id, group, line: { text: id, to: "all" } });
const lines = [cue("a", "inn"), cue("b", "inn"), cue("c", "well")];
const order = (of: readonly PreparedLine[]): string => of.map(({ id, group }) => `${id} ${group}`).join(", ");

test("a prepared line is moved by one, and at the edge of its heading goes under the next", () => {
  expect(order(moved(lines, "b", -1))).toBe("b inn, a inn, c well");
  expect(order(moved(lines, "b", 1))).toBe("a inn, b well, c well");
  expect(order(moved(lines, "a", -1))).toBe(order(lines));
  expect(order(movedBefore(lines, "c", "a"))).toBe("c inn, a inn, b inn");
});

test("lines under one heading stand together", () => {
  expect(order(grouped([...lines, cue("d", "inn")]))).toBe("a inn, b inn, d inn, c well");
});

test("capitals make no other player, and a link keeps its code by another address", () => {
  expect(samePlayer(" ELARA ", ["thorin", "elara"])).toBe("elara");
  expect(samePlayer("elar", ["thorin", "elara"])).toBeUndefined();
  const from = "http://localhost:8080/table";
  expect(baseOf(baseOf(`${from}/j/0123456789ab`))).toBe(from);
  const to = asBase("192.168.1.20:8080/table/") ?? "";
  expect(withBase(`${from}/j/0123456789ab`, from, to)).toBe("http://192.168.1.20:8080/table/j/0123456789ab");
});
