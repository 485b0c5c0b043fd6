import { TableSounds, type TableSoundsOptions } from "./table-sounds.ts";

/** Built beside this page's script. */
const WORKLET = new URL("assets/player.worklet.js", document.baseURI);

/** Plays the sound of the place; its files are fetched where the socket is. @param url of the socket, with its token */
export function openSounds(client: TableSoundsOptions["client"], url: URL): TableSounds {
  const headers = { Authorization: `Bearer ${url.searchParams.get("token") ?? ""}` };
  const fetchFile = async (id: string): Promise<ArrayBuffer> => {
    const answer = await fetch(new URL(`api/sounds/${encodeURIComponent(id)}/file`, url), { headers });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.arrayBuffer();
  };
  return new TableSounds({ client, fetchFile, workletUrl: WORKLET });
}
