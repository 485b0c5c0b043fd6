import { expect, test } from "bun:test";
import { Guests, type KeptGuest, MAX_GUESTS } from "../../../src/party/access/guests.ts";
import { TokenKeeper } from "../../../src/party/access/tokens.ts";

function table(kept?: readonly KeptGuest[]) {
  const saves: (readonly KeptGuest[])[] = [];
  const tokens = new TokenKeeper("0123456789abcdef0123456789abcdef", "table");
  const store = {
    kept,
    onChange: (guests: readonly KeptGuest[]) => saves.push(guests),
    saved: async () => {},
  };
  return { guests: new Guests(tokens, store), saves };
}

test("a guest is listed until the last of what they were given has expired, also by the next process", async () => {
  const first = table();
  await first.guests.invite("observer", "stream", { expiresInS: 3600 });
  await first.guests.invite("observer", "stream", { expiresInS: 60 });
  await first.guests.invite("service", "door", { expiresInS: -1 });
  expect(first.guests.list.map(({ id }) => id)).toEqual(["observer:stream"]);
  const [listed] = first.guests.list;
  expect(listed?.expiresAt).toBeGreaterThan(Date.now() / 1000 + 3000);
  expect(table(first.saves.at(-1)).guests.list).toEqual(first.guests.list);
  await first.guests.invite("observer", "stream");
  expect(first.guests.list[0]).not.toHaveProperty("expiresAt");
  await first.guests.dismiss("observer", "stream");
  expect(first.guests.list).toEqual([]);
});

test("so many guests and no more, but those who are there may get another token", async () => {
  const { guests } = table();
  for (let index = 0; index < MAX_GUESTS; index++) await guests.invite("service", `door ${index}`);
  await expect(guests.invite("service", "one more")).rejects.toMatchObject({ code: "busy" });
  expect(await guests.invite("service", "door 0")).toHaveProperty("token");
  await guests.dismiss("service", "door 1");
  expect(await guests.invite("service", "one more")).toHaveProperty("token");
});
