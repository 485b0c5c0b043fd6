/** What is known of an NPC nobody gave a voice. */
export interface NpcTraits {
  race?: string | undefined;
  gender?: string | undefined;
}
