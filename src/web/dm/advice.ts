import { ApiError } from "./api.ts";

/** What went wrong and what to do about it, for a game master in the middle of a scene. */
export function adviceOn(error: unknown): string {
  if (!(error instanceof ApiError)) return "Something unexpected went wrong. Reload this page.";
  if (error.status === 0) {
    return "The server does not answer. Check that Bardcast is still running on its computer.";
  }
  if (error.status === 401 || error.status === 403) {
    return "This link does not open the console. Use the game master's link that Bardcast printed when it started.";
  }
  return sentence(error.message);
}

/** The same with a capital and a full stop: the server's messages are fragments. */
export function sentence(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?…]$/u.test(text) ? text : `${text}.`;
}
