import { expect, test } from "bun:test";
import { TICKET_MS, Tickets } from "../../../src/party/access/tickets.ts";
import type { Claims } from "../../../src/party/access/tokens.ts";

const thorin: Claims = { player: "thorin", role: "player", issuedAt: 0 };
const refused = expect.objectContaining({ code: "unauthorized" });

test("a ticket lets in whom it was given to, once, also where two come with it at the same time", async () => {
  const tickets = new Tickets();
  const ticket = await tickets.issue(thorin);
  const tries = await Promise.allSettled([
    tickets.redeem(ticket),
    tickets.redeem(ticket),
    tickets.redeem(ticket),
  ]);
  expect(tries.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected", "rejected"]);
  expect(tries.find(({ status }) => status === "fulfilled")).toMatchObject({ value: thorin });
  await expect(tickets.redeem("thorin")).rejects.toEqual(refused);
});

test("a ticket is good for half a minute", async () => {
  let now = 0;
  const tickets = new Tickets(() => now);
  const [first, second] = [await tickets.issue(thorin), await tickets.issue(thorin)];
  now = TICKET_MS - 1;
  expect(await tickets.redeem(first)).toEqual(thorin);
  now = TICKET_MS;
  await expect(tickets.redeem(second)).rejects.toEqual(refused);
});

test("where thousands of tickets are not used the oldest makes room, and the newest is good", async () => {
  const tickets = new Tickets();
  const oldest = await tickets.issue(thorin);
  for (let i = 0; i < 4_095; i++) await tickets.issue({ ...thorin, player: `guest ${i}` });
  const newest = await tickets.issue(thorin);
  await expect(tickets.redeem(oldest)).rejects.toEqual(refused);
  expect(await tickets.redeem(newest)).toEqual(thorin);
});

test("who asks for tickets all the time takes nobody else's", async () => {
  const tickets = new Tickets();
  const elara = { ...thorin, player: "elara" };
  const hers = await tickets.issue(elara);
  const first = await tickets.issue(thorin);
  await Promise.all(Array.from({ length: 5_000 }, () => tickets.issue(thorin)));
  expect(await tickets.redeem(hers)).toEqual(elara);
  await expect(tickets.redeem(first)).rejects.toEqual(refused);
});
