import { messageOf } from "../core/errors.ts";
import { countSpoken } from "../core/text/sentences.ts";
import type { Party } from "./party.ts";
import { answerOf } from "./speaking/trusted-router.ts";

/** Something of everything that lines usually have. */
const WARM_UP_TEXT =
  "“Run!” she said. Dr. Vane waits… **(softly)** Take 3 [maps](x).\n\n- `rope`\n- 2 torches 🔥\n";

/** Gets a party ready to speak. If its router cannot get ready, the log is told; it is asked to speak all the same. */
export async function warmUp({ router }: Party, log: (message: string) => void): Promise<void> {
  // The first text of a process takes many times as long to read as any other: not the first that somebody says.
  countSpoken(WARM_UP_TEXT);
  await answerOf(router, () => router.warmup()).catch((error) => log(messageOf(error)));
}
