/** What a command of `voices` gets. */
export interface VoicesFlags {
  /** What follows the command. */
  words: readonly string[];
  dir: string;
  baseUrl: string;
  sha256: string | undefined;
  unverified: boolean;
  out: string | undefined;
}
