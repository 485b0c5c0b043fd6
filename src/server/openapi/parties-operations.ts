import { z } from "zod";
import { newPartySchema, partiesQuerySchema } from "../../core/protocol/parties.ts";
import { at, type Operation, ok } from "./operation.ts";

const link = z.strictObject({ token: z.string(), url: z.string() });
const invite = z.strictObject({ id: z.string(), token: z.string(), url: z.string() });
const invites = z.strictObject({ id: z.string(), url: z.string(), dm: link, players: z.array(invite) });
const entry = z.strictObject({ id: z.string(), isAwake: z.boolean() });
const page = z.strictObject({ parties: z.array(entry), total: z.number(), next: z.string().optional() });
const party = z.strictObject({ id: z.string(), isAwake: z.boolean(), url: z.string() });
const removed = z.strictObject({ id: z.string(), removed: z.literal(true) });

/** Routes of who makes and ends parties, where there may be many. */
export function partiesOperations(): Operation[] {
  const base = "/api/parties";
  return [
    at("post", base, "operator", "Makes a party", { 201: ok(invites) }, { body: newPartySchema }),
    at("get", base, "operator", "Which parties there are", { 200: ok(page) }, { query: partiesQuerySchema }),
    at("get", `${base}/:id`, "operator", "Where a party is", { 200: ok(party) }),
    at("get", `${base}/:id/invites`, "operator", "Its links", { 200: ok(invites) }),
    at("delete", `${base}/:id`, "operator", "Ends a party, with all that was kept of it", {
      200: ok(removed),
    }),
  ];
}
