import { UsageError } from "../options.ts";
import { type CatalogueEntry, catalogueEntry, DEFAULT_BASE_URL } from "./catalogue.ts";
import { isPiperName, PIPER_BASE_URL, piperEntry } from "./piper-entry.ts";

/** Where voices come from: their makers, or mirrors of one's own. */
export interface VoiceSources {
  /** Of the list, and of other archives beside them. */
  baseUrl: string;
  /** Of the Piper project. */
  piperUrl: string;
}

/** @param url in the place of both @throws UsageError where one is no address */
export function voiceSources(url?: string): VoiceSources {
  const { BARDCAST_VOICES_URL, BARDCAST_PIPER_URL } = process.env;
  return {
    baseUrl: address(url ?? (BARDCAST_VOICES_URL || DEFAULT_BASE_URL)),
    piperUrl: address(url ?? (BARDCAST_PIPER_URL || PIPER_BASE_URL)),
  };
}

/** The entry of a name, in the list or not. @throws BardcastError as `piperEntry` */
export async function findEntry(
  name: string,
  { piperUrl }: VoiceSources,
  options: { signal?: AbortSignal } = {},
): Promise<CatalogueEntry> {
  return isPiperName(name) ? piperEntry(name, piperUrl, options) : catalogueEntry(name);
}

function address(url: string): string {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    throw new UsageError(`--url is an address, not "${url}"`);
  return url;
}
