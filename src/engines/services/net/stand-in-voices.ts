/** Voices of a service for those of other engines, so that not everybody sounds alike. */
export interface StandIns {
  readonly female: readonly string[];
  readonly male: readonly string[];
}
