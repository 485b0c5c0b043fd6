/** Words that the rule would respell, and that Flite has in its own lexicon: those that people know. */
export const KNOWN_TO_FLITE: ReadonlySet<string> = new Set(
  `adjuncts afterthoughts algorithms allomorphs amongst angst attempts backlights billionths birthrights births borscht bullfights
bursts copyrights counterweights daylights delights depths dmitri dogfights dr draughts droughts earths eighth eighths eights ernst
etc excerpts exempts fifths fights firefights firsts flashlights flights floodlights footlights fortnights fourths
gdansk gmbh goodnights growths gunfights headlights hearths heavyweights heights highlights hirsch hmong hundredths
hyacinths insights instincts jr khmer khrushchev kirsch kitsch knights krzysztof kvetch length lengths lights ljubljana
logarithms ltd mc mcbride mccloud mcclure mccrae mcgrath mcgraw mcgregor mcphee mcpherson messrs mme mnemonics monarchs months
morphs mpeg mr mrs ms mt naacp ng nguyen nights ninths nymphs oligarchs outbursts overflights patriarchs playwrights precincts
preempts prompts rebirths rembrandts rhythms rights rwanda rwandan rwandans schlock schloss schmaltz schmidt schmooze
schmoozing schmuck schnapps schnauzer schneider schroeder schwa schwartz schwarz schwarzenegger sculpts searchlights
sevenths shipwrights shtick sights sixteenths sixths skylights slights speights spotlights sr st stoplights straights
strength strengths tempts tenths thirsts thirteenths thoughts thousandths tights triumphs twelfth unbeknownst uprights vs
warmth wavelength wavelengths weights widths wm worlds worths wrights yachts`.split(/\s/),
);
