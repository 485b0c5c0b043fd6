import type { Claims } from "../../party/access/tokens.ts";
import type { Party } from "../../party/party.ts";
import { answerIn, sending } from "../mcp/table-api.ts";

/**
 * Has something done that a client asked for on its socket: here, or by the process that makes the party's lines.
 * @param act does it here
 * @param elsewhere what the API is asked for it, and what gets its answer
 * @param refuse told why it was not done elsewhere
 */
export function askHolder<T>(
  party: Party,
  { player, role }: Pick<Claims, "player" | "role">,
  act: () => void,
  elsewhere: { method: string; path: string; body?: object; done?: (answer: T) => void },
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
    if (!answer) act();
    else {
      const said = await answerIn<T>(answer);
      elsewhere.done?.(said);
    }
  };
  ask().catch(refuse);
}
