import { createParty } from "../../src/party/create-party.ts";
import type { Party } from "../../src/party/party.ts";
import { ToneEngine } from "./tone-engine.ts";

/** A party with a campaign's folder, and what it has told whoever runs it. */
export interface OpenCampaign extends AsyncDisposable {
  party: Party;
  told: string[];
}

/** Opens a folder for one player, thorin. */
export async function openCampaign(campaignDir: string): Promise<OpenCampaign> {
  const told: string[] = [];
  const options = { campaignDir, engines: [new ToneEngine()], players: ["thorin"] };
  const party = await createParty({ ...options, log: (message) => told.push(message) });
  return { party, told, [Symbol.asyncDispose]: () => party.close() };
}
