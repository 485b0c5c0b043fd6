import { stableHash } from "../../core/stable-choice.ts";

/** How records are written: a whole line that begins with a higher number is another version's. */
const FORMAT = 1;
const LINE = /^v(\d+) ([0-9a-f]{8}) (.*)$/;

/** What a journal had in it. */
export interface ReadJournal {
  /** Whole records, oldest first. */
  records: unknown[];
  /** Something was not whole: a record that was being written when the power went, or what somebody else wrote. */
  isTorn: boolean;
}

/** A record as a line of text: the version, a checksum, JSON. */
export function encodeRecord(record: object): string {
  const json = JSON.stringify(record);
  return `v${FORMAT} ${checksum(FORMAT, json)} ${json}\n`;
}

/**
 * The records in a file, without those that are not whole.
 * @throws Error where a later version has written it
 */
export function decodeRecords(bytes: Uint8Array): ReadJournal {
  const lines = new TextDecoder().decode(bytes).split("\n");
  // Bytes after the last line break are a record that was not written completely.
  let isTorn = lines.pop() !== "";
  const records: unknown[] = [];
  for (const line of lines) {
    const [, digits, sum, json] = LINE.exec(line) ?? [];
    const format = Number(digits);
    const isWhole = json !== undefined && sum === checksum(format, json);
    if (isWhole && format > FORMAT) {
      throw new Error(`it is of format ${format}, which this version of Bardcast does not read`);
    }
    const record = isWhole ? parsed(json) : undefined;
    if (record === undefined) isTorn = true;
    else records.push(record);
  }
  return { records, isTorn };
}

function checksum(format: number, json: string): string {
  return stableHash(`${format} ${json}`).toString(16).padStart(8, "0");
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
