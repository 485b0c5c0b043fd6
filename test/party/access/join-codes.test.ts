import { expect, test } from "bun:test";
import { TokenKeeper } from "../../../src/party/access/tokens.ts";

const tokens = new TokenKeeper("0123456789abcdef0123456789abcdef", "table");
const codes = tokens.joinCodes;

test("a code lets in the person it was made for, typed in capitals, too; it is the same each time", async () => {
  const code = codes.of("thorin");
  expect(code).toMatch(/^[0-9a-hjkmnp-tv-z]{12}$/);
  expect(codes.of("thorin")).toBe(code);
  expect(codes.of("elara")).not.toBe(code);
  const admission = await codes.redeem(code.toUpperCase());
  expect(admission?.page).toBe("play");
  expect(await tokens.verify(admission?.token)).toMatchObject({ player: "thorin", role: "player" });
});

test("the DM's leads to the console", async () => {
  const admission = await codes.redeem(codes.of());
  expect(admission?.page).toBe("dm");
  expect(await tokens.verify(admission?.token)).toMatchObject({ role: "dm" });
});

test("one that was never made lets nobody in, and neither does one whose person's links were made void", async () => {
  const [thorin, elara] = [codes.of("thorin"), codes.of("elara")];
  expect(await codes.redeem("000000000000")).toBeUndefined();
  await tokens.refresh("thorin");
  expect(await codes.redeem(thorin)).toBeUndefined();
  expect(await codes.redeem(elara)).toBeDefined();
  expect(codes.of("thorin")).not.toBe(thorin);
});

test("a code that is made void while it is redeemed lets nobody in", async () => {
  const slow = new TokenKeeper("a secret", "table");
  const redeemed = slow.joinCodes.redeem(slow.joinCodes.of("thorin"));
  slow.revoke("thorin");
  const admission = await redeemed;
  expect(await slow.verify(admission?.token).catch(({ code }) => code)).toBe("unauthorized");
});
