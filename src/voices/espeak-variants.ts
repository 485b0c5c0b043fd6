/**
 * eSpeak's variants that sound like people, and not like one another: the long-term spectra of any two are
 * at least 1.8 dB apart. Robots, whispers and Klatt's synthesiser are left out.
 */
export const MALE_VARIANTS: readonly string[] =
  "m3 m7 m8 alex andy denis diogo gene jacky lee marco michael antonio boris david ed ian iven john marcelo miguel pablo paul quincy robert sandro storm travis gustave".split(
    " ",
  );
export const FEMALE_VARIANTS: readonly string[] =
  "f1 f2 f3 f4 f5 alicia andrea annie anika aunty belinda grandma linda steph shelby".split(" ");
/** Too much like one of those above for two people at a table. */
export const KINDRED_VARIANTS: readonly string[] = ["m1", "m2", "m4", "m5", "m6", "croak"];
