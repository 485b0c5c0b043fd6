// A scene by OpenAI's model, whose characters speak in voices of their own: OPENAI_API_KEY=… bun model-stream.ts
import { textOf } from "bardcast";
import { serve } from "bardcast/bun";
import OpenAI from "openai";

const { party, url } = await serve({ port: Number(process.env.PORT ?? 8080), players: ["thorin"] });
const openai = new OpenAI();

party.connections.onChange(async ({ role }, change) => {
  if (change !== "opened" || role !== "player") return;
  const stream = await openai.responses.create({
    model: process.env.MODEL ?? "gpt-5-mini",
    instructions:
      "You are the game master. Begin each line that somebody says with their name: Mara: Who is there?",
    input: "The door of the inn creaks.",
    stream: true,
  });
  // Chat Completions, Anthropic's messages and `fullStream` of the Vercel AI SDK go into `textOf` as well.
  const line = party.speak({ text: textOf(stream), cast: "from text" });
  const { sentences, problems } = await line.done;
  for (const { message } of problems) console.error(message);
  const { characters } = party.characters.list();
  console.log(
    `${sentences} sentences, said by the DM and by ${characters.map(({ name }) => name).join(", ")}.`,
  );
});

console.log(`thorin joins with ${url}/play?token=${await party.tokens.issue("thorin")}`);
