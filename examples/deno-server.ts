// A table on Deno: deno add npm:bardcast, then deno run --allow-net --allow-read --allow-env deno-server.ts
import { serve } from "bardcast/deno";

const server = await serve({ port: Number(Deno.env.get("PORT") ?? 8080), players: ["thorin", "elara"] });
const { party, url } = server;

// The DM says what comes next at the console; whoever joins is greeted, and nobody else hears it.
party.connections.onChange(({ player, role }, change) => {
  if (change !== "opened" || role !== "player") return;
  void party.streamNpcToPlayer(player, `Well met, ${player}. Sit down.`, "innkeeper", { gender: "female" });
});

console.log(`DM console: ${url}/dm?token=${await party.tokens.issueDm()}`);
for (const player of party.players) {
  console.log(`${player} joins with ${url}/play?token=${await party.tokens.issue(player)}`);
}

Deno.addSignalListener("SIGINT", () => server.close());
