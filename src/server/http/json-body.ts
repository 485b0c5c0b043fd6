import { BardcastError } from "../../core/errors.ts";
import { InputError, parseInput, speakRequestSchema } from "../../core/protocol/messages.ts";
import type { Audience } from "../../core/protocol/speak-request.ts";
import { requestOf } from "../../party/request/resolved-request.ts";
import type { UtteranceRequest } from "../../party/request/utterance.ts";
import { bodyInTime } from "./body-in-time.ts";

/** What is in a body. @throws InputError `bad-request`, BardcastError `request-timeout` */
export async function json(request: Request): Promise<unknown> {
  try {
    return JSON.parse(await bodyInTime(request.text()));
  } catch (error) {
    if (error instanceof BardcastError) throw error;
    throw new InputError([{ path: "", message: "the body is not JSON" }]);
  }
}

/** The line in a body. @throws as `json` */
export async function jsonRequest(request: Request): Promise<UtteranceRequest & { to: Audience }> {
  return requestOf(parseInput(speakRequestSchema, await json(request)));
}
