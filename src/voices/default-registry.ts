/** What a new campaign starts with, chosen for eSpeak NG so that everybody is told apart at once. */
export const DEFAULT_REGISTRY = `# Who sounds like what. Bardcast reads this file when it starts, and again whenever it is edited.
#
# voice_id       the engine's name for a voice; for eSpeak NG language+variant: en-us+f3, en-gb-scotland+m7
# language       default: default_language
# speed          1 is normal, 2 is twice as fast; 90% is 0.9
# pitch          semitones, for every engine: 0 is normal, -5 lower, 5 higher
# output_format  wav
# Any other key (engine, ...) is passed on to the engine.
version: 1
default_language: en-us

# The narrator, and everybody who has no voice of their own.
dm_voice: { voice_id: en-gb-x-rp+m3, language: en-gb-x-rp, speed: 0.95, pitch: -1 }

# Initiative, blows, damage.
combat_voice: { voice_id: en-us+m1, speed: 1.2, pitch: 2 }

# NPCs nobody configured each get a voice of their own: the one below that fits, varied by their name.
cast: true

# How names are said that no engine knows, by spelling or phonetic letters: Drizzt: Drist, Mjolnir: /ˈmjoʊlnɪr/
lexicon: {}

# Voices for NPCs nobody configured: <gender>_<race>, then <gender>_*, <gender>_default, *_<race>. Any gender and any
# race will do, however they are written: non_binary_half_elf, Non-Binary_*.
npc_defaults:
  male_human: { voice_id: en-us+m3 }
  female_human: { voice_id: en-us+f2, pitch: 1 }
  male_dwarf: { voice_id: en-gb-scotland+m7, language: en-gb-scotland, speed: 0.9, pitch: -5 }
  female_dwarf: { voice_id: en-gb-scotland+f4, language: en-gb-scotland, speed: 0.95, pitch: -3 }
  male_elf: { voice_id: en-gb-x-rp+m2, language: en-gb-x-rp, speed: 0.9, pitch: 3 }
  female_elf: { voice_id: en-gb-x-rp+f3, language: en-gb-x-rp, speed: 0.9, pitch: 4 }
  male_halfling: { voice_id: en-gb-x-gbclan+m4, language: en-gb-x-gbclan, speed: 1.15, pitch: 5 }
  female_halfling: { voice_id: en-gb-x-gbclan+f5, language: en-gb-x-gbclan, speed: 1.15, pitch: 6 }
  male_gnome: { voice_id: en-gb-x-gbcwmd+m8, language: en-gb-x-gbcwmd, speed: 1.35, pitch: 8 }
  female_gnome: { voice_id: en-gb-x-gbcwmd+f1, language: en-gb-x-gbcwmd, speed: 1.35, pitch: 9 }
  male_orc: { voice_id: en-us+croak, speed: 0.8, pitch: -8 }
  female_orc: { voice_id: en-us+f1, speed: 0.8, pitch: -8 }
  male_half-orc: { voice_id: en-us+m5, speed: 0.9, pitch: -6 }
  female_half-orc: { voice_id: en-us+f4, speed: 0.9, pitch: -5 }
  male_tiefling: { voice_id: en-029+m6, language: en-029, speed: 1, pitch: -2 }
  female_tiefling: { voice_id: en-029+f3, language: en-029, speed: 1.05, pitch: 0 }
  male_*: { voice_id: en-us+m4, speed: 1.05, pitch: -2 }
  female_*: { voice_id: en-us+f5, speed: 1.05, pitch: 2 }

# Single characters, by name: a voice, or what changes the one above that fits, and race, gender, colour, say, notes.
npc_overrides: {}
`;
