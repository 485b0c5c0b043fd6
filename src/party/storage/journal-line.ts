import { stableHash } from "../../core/stable-choice.ts";

/** How records are written: a whole line that begins with a higher number is another version's. */
const FORMAT = 1;
const LINE = /^v(\d+) ([0-9a-f]{8}) (.*)$/s;
/** What there is of a record that was not written completely. */
const BEGINNING = /^(?:v(?:\d+(?: (?:[0-9a-f]{0,8}|[0-9a-f]{8} .*))?)?)?$/s;

/** What a journal had in it. */
export interface ReadJournal {
  /** Whole records, oldest first. */
  records: unknown[];
  /** Something was not whole: a record that was being written when the power went, or what somebody else wrote. */
  isTorn: boolean;
  /** It was none that is being written when a process or the power ends: somebody, or the disk, has changed the file. */
  isDamaged: boolean;
}

/** A record as a line of text: the version, a checksum, JSON. */
export function encodeRecord(record: object): string {
  const json = JSON.stringify(record);
  return `v${FORMAT} ${checksum(FORMAT, json)} ${json}\n`;
}

/**
 * The records in a file, without those that are not whole.
 * @param options.isCut it is the end of a larger one, and may begin anywhere in a record
 * @throws Error where a later version has written it
 */
export function decodeRecords(bytes: Uint8Array, { isCut = false }: { isCut?: boolean } = {}): ReadJournal {
  const lines = new TextDecoder().decode(bytes).split("\n");
  // Bytes after the last line break are a record that was not written completely.
  const rest = lines.pop() ?? "";
  let isTorn = rest !== "";
  let isDamaged = !BEGINNING.test(rest) && !(isCut && lines.length === 0);
  const records: unknown[] = [];
  for (const [at, line] of lines.entries()) {
    const [, digits, sum, json] = LINE.exec(line) ?? [];
    const format = Number(digits);
    const isWhole = json !== undefined && sum === checksum(format, json);
    if (isWhole && format > FORMAT) {
      throw new Error(`it is of format ${format}, which this version of Bardcast does not read`);
    }
    const record = isWhole ? parsed(json) : undefined;
    if (record !== undefined) records.push(record);
    else {
      isTorn = true;
      isDamaged ||= !(isCut && at === 0);
    }
  }
  return { records, isTorn, isDamaged };
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
