import { McpServer } from "@modelcontextprotocol/server";
import type { CharacterList, LogPage } from "../../core/protocol/api.ts";
import { VERSION } from "../../core/version.ts";
import { addSoundTools } from "./sound-tools.ts";
import { addSpeakingTools, type Speaking } from "./speaking-tools.ts";
import type { TableApi } from "./table-api.ts";
import { addTableTools, addVoiceTools } from "./table-tools.ts";
import { characterWords, lineWords } from "./table-words.ts";

const INSTRUCTIONS = `These tools speak to a table of players who listen and read along in their browsers.
narrate is the game master's voice, npc_say a character's, whisper is for some players alone. A line's text reaches
everybody it is for at once, its sound follows; results tell who has heard it: take nobody to know what they did not hear
or read. Lines are heard one after the other: say short ones, and wait for each before you go on.`;

/** What `initialize` and `server/discover` tell of this server; the version is that of the manifest. */
const IDENTITY = { name: "bardcast", title: "Bardcast", version: VERSION };

/** A server of MCP for one client: tools by what it may do, and for the DM the log and the cast to read. */
export function createMcpServer(speaking: Speaking): McpServer {
  const { table, mayManage } = speaking;
  const listChanged = false;
  const server = new McpServer(IDENTITY, {
    instructions: INSTRUCTIONS,
    capabilities: { tools: { listChanged }, ...(mayManage ? { resources: { listChanged } } : {}) },
  });
  addSpeakingTools(server, speaking);
  addVoiceTools(server, table, mayManage);
  if (!mayManage) return server;
  addTableTools(server, table);
  addSoundTools(server, table);
  addResources(server, table);
  return server;
}

function addResources(server: McpServer, table: TableApi): void {
  const add = (name: string, description: string, read: () => Promise<string[]>): void => {
    const mimeType = "text/plain";
    server.registerResource(name, `bardcast://${name}`, { description, mimeType }, async ({ href }) => ({
      contents: [{ uri: href, mimeType, text: (await read()).join("\n") }],
    }));
  };
  add("log", "The last hundred lines that were said, newest first, and who heard them.", async () =>
    (await table.call<LogPage>("/log?limit=100")).utterances.map(lineWords),
  );
  add("cast", "Who speaks at this table, and in which voices.", async () =>
    (await table.call<CharacterList>("/characters")).characters.map(characterWords),
  );
}
