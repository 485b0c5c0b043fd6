import { checkOperatorKey } from "../party/access/secrets.ts";
import type { Cluster } from "../party/cluster/cluster.ts";
import { createParty } from "../party/create-party.ts";
import type { Parties } from "../party/parties/parties.ts";
import type { Party } from "../party/party.ts";
import { DEFAULT_ID, type PartyOptions } from "../party/party-options.ts";
import { checkServeOptions, tableOptions } from "./check-serve-options.ts";
import type { CloseOptions, ServeOptions } from "./serve-options.ts";

/** A server's table, and the parties beside it, where there may be some. */
export class Hosted {
  readonly party: Party;
  readonly parties: Parties | undefined;

  readonly #cluster: Cluster | undefined;

  private constructor(party: Party, parties?: Parties, cluster?: Cluster) {
    this.party = party;
    this.parties = parties;
    this.#cluster = cluster;
  }

  /** @throws what `createParty` throws; BardcastError `bad-request` for an operator's key that can be guessed */
  static async open(given: ServeOptions): Promise<Hosted> {
    checkServeOptions(given);
    const { parties: many } = given;
    const options = tableOptions(given);
    if (!many) return Hosted.#alone(options);
    const { operatorKey, ...limits } = many;
    checkOperatorKey(operatorKey);
    const { Parties } = await import("../party/parties/parties.ts");
    const { campaignDir, id = DEFAULT_ID, players: _players, settings: _settings, ...shared } = options;
    // What lets somebody in at the server's own table is good at no other.
    const { dmToken: _dmToken, apiKey: _apiKey, ...each } = shared;
    const dir = campaignDir === undefined ? undefined : `${campaignDir}/parties`;
    const { cluster, ...alone } = each;
    // Each party beside the table is served by one process, and spoken for by the workers of all.
    const pool = cluster?.createHost ? { createHost: cluster.createHost, ...each.pool } : each.pool;
    const parties = await Parties.open({
      ...alone,
      ...(pool ? { pool } : {}),
      ...limits,
      dir,
      reserved: [id],
    }).catch(async (error) => {
      await cluster?.close();
      throw error;
    });
    try {
      const party = await createParty({ ...options, speech: parties.speech });
      // What is counted of the server is that of all its parties.
      parties.observers.add(party.observers.observe);
      return new Hosted(party, parties, cluster);
    } catch (error) {
      await parties.close();
      await cluster?.close();
      throw error;
    }
  }

  static async #alone(options: PartyOptions): Promise<Hosted> {
    const { cluster } = options;
    try {
      return new Hosted(await createParty(options), undefined, cluster);
    } catch (error) {
      await cluster?.close();
      throw error;
    }
  }

  /** Ends all of them in the same time, and then what they share. */
  async close(options: CloseOptions = {}): Promise<void> {
    await Promise.all([this.party.close(options), this.parties?.endAll(options)]);
    await this.parties?.close();
    await this.#cluster?.close();
  }
}
