/** The operator's API: what is asked about many parties, and answered. @module */
import { z } from "zod";
import type { Invite } from "./api.ts";
import { MAX_PLAYERS, tableSettingsSchema } from "./messages.ts";
import type { TableSettings } from "./table-settings.ts";

/** What a new party begins with; an id is made where none is asked for. */
export interface NewPartyRequest {
  id?: string | undefined;
  players?: string[] | undefined;
  settings?: { [Name in keyof TableSettings]?: TableSettings[Name] | undefined } | undefined;
}

export const newPartySchema: z.ZodType<NewPartyRequest> = z.lazy(() =>
  z.strictObject({
    id: z.string().optional(),
    players: z.array(z.string().trim()).max(MAX_PLAYERS).optional(),
    settings: tableSettingsSchema.optional(),
  }),
);

/** Which part of the list: so many, behind one of them. */
export const partiesQuerySchema: z.ZodType<{ after?: string | undefined; limit: number }> = z.lazy(() =>
  z.strictObject({
    after: z.string().min(1).max(64).optional(),
    limit: z.coerce.number().int().min(1).max(1000).default(100),
  }),
);

/** A part of the list of parties, in the order of their ids. */
export interface PartyPage {
  parties: readonly { id: string; isAwake: boolean }[];
  /** All that there are. */
  total: number;
  /** Behind this one there are more. */
  next?: string;
}

/** Where a party is, and the links of those who may come. */
export interface PartyInvites {
  id: string;
  /** Where its routes begin: `…/p/friday`. */
  url: string;
  dm: { token: string; url: string };
  players: readonly Invite[];
}
