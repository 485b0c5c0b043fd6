/** What a command of `voices` gets. */
export interface VoicesFlags {
  /** What follows the command. */
  words: readonly string[];
  dir: string;
  /** Where the voices of the list come from. */
  baseUrl: string;
  /** Where those of the Piper project come from. */
  piperUrl: string;
  sha256: string | undefined;
  unverified: boolean;
  out: string | undefined;
  /** Whether `install` is read by a program. */
  json: boolean;
}
