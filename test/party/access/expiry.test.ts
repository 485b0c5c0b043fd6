import { expect, test } from "bun:test";
import { whenExpired } from "../../../src/party/access/expiry.ts";
import { TokenKeeper } from "../../../src/party/access/tokens.ts";
import { until } from "../../support/table.ts";

test("a token is good until it expires, and so is who was let in by it; others are good for ever", async () => {
  const { now } = Date;
  const tokens = new TokenKeeper("a secret", "table");
  const [hour, always] = [
    await tokens.issue("thorin", "player", { expiresInS: 3_600 }),
    await tokens.issue("elara"),
  ];
  const claims = await tokens.verify(hour);
  try {
    Date.now = () => now() + 3_590_000;
    expect(tokens.isCurrent(claims)).toBe(true);
    expect(await tokens.verify(hour)).toMatchObject({ player: "thorin" });
    Date.now = () => now() + 3_610_000;
    expect(tokens.isCurrent(claims)).toBe(false);
    await expect(tokens.verify(hour)).rejects.toMatchObject({
      code: "unauthorized",
      message: "this link has expired: ask for a new one",
    });
    Date.now = () => now() + 1e12;
    expect(await tokens.verify(always)).toMatchObject({ player: "elara" });
  } finally {
    Date.now = now;
  }
});

test("who was let in is called when it expires, not before, and not where they have left", async () => {
  const called: string[] = [];
  const inS = (seconds: number): { expiresAt: number } => ({ expiresAt: Date.now() / 1000 + seconds });
  whenExpired({}, () => called.push("never"));
  const leave = whenExpired(inS(0.02), () => called.push("left"));
  // Longer than a timer can wait, which some runtimes take for no time at all.
  const stop = whenExpired(inS(60 * 86_400), () => called.push("in two months"));
  whenExpired(inS(0.05), () => called.push("soon"));
  leave();
  await until(() => called.length > 0);
  expect(called).toEqual(["soon"]);
  stop();
});
