import { BardcastError } from "../../core/errors.ts";
import { InputError } from "../../core/protocol/messages.ts";
import { bodyInTime } from "./body-in-time.ts";

/** The body of a request, as what its JSON says. @throws InputError where it is none; BardcastError `request-timeout` */
export async function json(request: Request): Promise<unknown> {
  try {
    return JSON.parse(await bodyInTime(request.text()));
  } catch (error) {
    if (error instanceof BardcastError) throw error;
    throw new InputError([{ path: "", message: "the body is not JSON" }]);
  }
}
