/**
 * What the read-aloud service of Microsoft Edge wants to hear, and how it answers. It is documented nowhere.
 * @module
 */
import { ServiceError } from "./net/service-error.ts";

/** Seconds from 1601, where Windows begins to count, to 1970. */
const WINDOWS_EPOCH_S = 11_644_473_600;
const GEC_STEP_S = 300;

/** The token the service expects beside the client's: the time in steps of five minutes, hashed with it. */
export async function secMsGec(nowMs: number, clientToken: string): Promise<string> {
  const seconds = Math.floor(nowMs / 1000) + WINDOWS_EPOCH_S;
  const ticks = BigInt(seconds - (seconds % GEC_STEP_S)) * 10_000_000n;
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${ticks}${clientToken}`));
  return [...new Uint8Array(hash)]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("")
    .toUpperCase();
}

/** A text message of the service's protocol. */
export function edgeMessage(headers: Record<string, string>, body: string): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\r\n`);
  return `${lines.join("")}\r\n${body}`;
}

export interface EdgeMessage {
  path: string;
  /** Text of a text message, bytes of a binary one. */
  body: string | Uint8Array;
}

/** A message of the service, text or binary (length of the header, header, body). @throws ServiceError */
export function parseEdgeMessage(message: string | Uint8Array): EdgeMessage {
  if (typeof message === "string") {
    const end = message.indexOf("\r\n\r\n");
    return { path: pathIn(message.slice(0, end)), body: message.slice(end + 4) };
  }
  const [high = 0, low = 0] = message;
  const end = 2 + high * 256 + low;
  if (message.length < end) throw new ServiceError("engine-failed", "the service's message is cut off");
  return { path: pathIn(new TextDecoder().decode(message.subarray(2, end))), body: message.subarray(end) };
}

/** The sentence as the service reads it. @param speed 1 is normal @param pitch semitones */
export function edgeSsml(order: { text: string; voice: string; speed: number; pitch: number }): string {
  const rate = percent(Math.min(3, Math.max(0.5, order.speed)) - 1);
  const pitch = percent(Math.min(1.5, Math.max(0.5, 2 ** (order.pitch / 12))) - 1);
  const language = /^[a-z]+-[a-z]+/i.exec(order.voice)?.[0] ?? "en-US";
  return (
    `<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="${language}">` +
    `<voice name="${escapeXml(order.voice)}"><prosody rate="${rate}" pitch="${pitch}" volume="+0%">` +
    `${escapeXml(order.text)}</prosody></voice></speak>`
  );
}

function pathIn(headers: string): string {
  return /^Path:\s*(\S+)/im.exec(headers)?.[1] ?? "";
}

function percent(part: number): string {
  const rounded = Math.round(part * 100);
  return `${rounded < 0 ? "" : "+"}${rounded}%`;
}

/** XML 1.0 has no control characters at all, not even as references. */
function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
