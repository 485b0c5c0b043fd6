import type { EngineReport } from "../../pool/protocol.ts";

/** Versions of what is said here; a node answers only to its own. */
const VERSION = 1;

/** A sentence that looks for a worker; the order itself goes to the one that takes it. */
export interface Offer {
  /** The same however often it is offered. */
  job: string;
  engine: string;
}

/** `worker`: the name under which it takes the job; without one it has none to spare. */
export interface OfferAnswer {
  worker?: string;
}

export function writeOffer(offer: Offer): string {
  return JSON.stringify({ v: VERSION, ...offer });
}

export function readOffer(text: string): Offer | undefined {
  const { job, engine } = read(text);
  return typeof job === "string" && typeof engine === "string" ? { job, engine } : undefined;
}

export function writeAnswer(answer: OfferAnswer): string {
  return JSON.stringify({ v: VERSION, ...answer });
}

export function readAnswer(text: string): OfferAnswer {
  const { worker } = read(text);
  return typeof worker === "string" ? { worker } : {};
}

export function writeReport(report: EngineReport): string {
  return JSON.stringify({ v: VERSION, report });
}

export function readReport(text: string): EngineReport | undefined {
  const { report } = read(text);
  return typeof report === "object" && report !== null ? (report as EngineReport) : undefined;
}

/** Nothing of what another version says, or somebody else. */
function read(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    const isOurs = typeof value === "object" && value !== null && "v" in value && value.v === VERSION;
    return isOurs ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
