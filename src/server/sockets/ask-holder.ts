import type { Claims } from "../../party/access/tokens.ts";
import type { Party } from "../../party/party.ts";
import { answerIn, sending } from "../mcp/table-api.ts";

/**
 * Has something done that a client asked for on its socket: here, or by the process that makes the party's lines.
 * @param act does it here
 * @param elsewhere what the API is asked for it @param refuse told why it was not done elsewhere
 */
export function askHolder(
  party: Party,
  { player, role }: Claims,
  act: () => void,
  elsewhere: { method: string; path: string; body?: object },
  refuse: (error: unknown) => void,
): void {
  const { cluster } = party;
  if (!cluster || cluster.status.holds) {
    act();
    return;
  }
  const { method, path, body } = elsewhere;
  const ask = async (): Promise<void> => {
    const Authorization = `Bearer ${await party.tokens.issue(player, role)}`;
    const { headers, ...content } = body === undefined ? { method } : sending("POST", body, "respond-async");
    const asked = { ...content, headers: { ...headers, Authorization } };
    const request = new Request(`http://localhost/api${path}`, asked);
    const answer = await cluster.forward(request);
    if (answer) await answerIn(answer);
    else act();
  };
  ask().catch(refuse);
}
