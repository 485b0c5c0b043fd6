import { expect, test } from "bun:test";
import { LinkGenerations } from "../../../src/party/access/link-generations.ts";
import { TokenKeeper } from "../../../src/party/access/tokens.ts";

const SECRET = "0123456789abcdef0123456789abcdef";
const SEATED = ["thorin", "elara"];
const tokens = new TokenKeeper(SECRET, "table");
const codes = tokens.joinCodes;

test("a code lets in the person it was made for, typed in capitals, too; it is the same each time", async () => {
  const code = await codes.of("thorin");
  expect(code).toMatch(/^[0-9a-hjkmnp-tv-z]{12}$/);
  expect(await codes.of("thorin")).toBe(code);
  expect(await codes.of("elara")).not.toBe(code);
  const admission = await codes.redeem(code.toUpperCase(), SEATED);
  expect(admission?.page).toBe("play");
  expect(await tokens.verify(admission?.token)).toMatchObject({ player: "thorin", role: "player" });
});

test("the DM's leads to the console", async () => {
  const admission = await codes.redeem(await codes.of(), SEATED);
  expect(admission?.page).toBe("dm");
  expect(await tokens.verify(admission?.token)).toMatchObject({ role: "dm" });
});

test("one that was never made lets nobody in, nor one whose person's links were made void, or who has no seat", async () => {
  const [thorin, elara] = [await codes.of("thorin"), await codes.of("elara")];
  expect(await codes.redeem("000000000000", SEATED)).toBeUndefined();
  expect(await codes.redeem(elara, ["thorin"])).toBeUndefined();
  await tokens.refresh("thorin");
  expect(await codes.redeem(thorin, SEATED)).toBeUndefined();
  expect(await codes.redeem(elara, SEATED)).toBeDefined();
  expect(await codes.of("thorin")).not.toBe(thorin);
});

test("a code that is made void while it is redeemed lets nobody in", async () => {
  for (const isKnown of [true, false]) {
    const slow = new TokenKeeper("a secret", "table");
    const code = await (isKnown ? slow : new TokenKeeper("a secret", "table")).joinCodes.of("thorin");
    const redeemed = slow.joinCodes.redeem(code, SEATED);
    slow.revoke("thorin");
    const admission = await redeemed;
    expect(await slow.verify(admission?.token).catch(({ code }) => code)).toBe("unauthorized");
  }
});

test("a code is good in the next process, and as void as the links that were replaced in this one", async () => {
  const generations = new LinkGenerations();
  const open = (secret = SECRET, dmToken?: string) =>
    new TokenKeeper(secret, "table", { generations, dmToken }).joinCodes;
  const [thorin, elara, dm] = [await open().of("thorin"), await open().of("elara"), await open().of()];
  generations.renew("thorin");
  expect(await open().redeem(thorin, SEATED)).toBeUndefined();
  expect((await open().redeem(elara, SEATED))?.page).toBe("play");
  expect((await open().redeem(dm, SEATED))?.page).toBe("dm");
  // Whoever signs with something else, or gives the DM another token, wants the links before to be void.
  expect(await open("fedcba9876543210fedcba9876543210").redeem(elara, SEATED)).toBeUndefined();
  expect(await open(SECRET, "a fixed token of the DM").redeem(dm, SEATED)).toBeUndefined();
});
