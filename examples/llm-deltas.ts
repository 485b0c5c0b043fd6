// A language model tells a story, and it is spoken while it is written: bun llm-deltas.ts
import { serve } from "bardcast/bun";

/** Stands for a model. With a real one: for await (const event of stream) yield event.delta, whatever it is called. */
async function* deltas(): AsyncGenerator<string> {
  const story =
    "The door creaks open. Behind it lies a hall of black glass. Your torches show a hundred of you, " +
    "and one of them is not holding a torch. It smiles before you do.";
  for (const word of story.split(/(?<= )/)) {
    yield word;
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  console.log("The model has finished.");
}

const { party, url } = await serve({ port: Number(process.env.PORT ?? 8080), players: ["thorin"] });

party.connections.onChange(async ({ role }, change) => {
  if (change !== "opened" || role !== "player") return;
  const line = party.speak({ text: deltas(), to: "all", speaker: "dm", context: "narration" });
  // line.cancel() would stop the voice, and the model with it.
  const { sentences, durationMs } = await line.done;
  console.log(`${sentences} sentences, ${durationMs} ms of speech.`);
});

console.log(`thorin joins with ${url}/play?token=${await party.tokens.issue("thorin")}`);
