/** Words that end in a full stop and need not end a sentence. All are written without their last full stop. */
export interface Abbreviations {
  /** A name follows, always: `Dr. Vane`. */
  titles: ReadonlySet<string>;
  /** A number follows, or else it is a word like others: `No. 5`, but `No. Never.` */
  numbered: ReadonlySet<string>;
  /** They end a sentence only before a word that begins one: `Acme Inc. He` but `Acme Inc. Hall`. */
  doubtful: ReadonlySet<string>;
  /** Behind a number they end it before any capital: `5 ft. Goblins wait.` */
  units: ReadonlySet<string>;
  /** All of these. */
  all: ReadonlySet<string>;
}

const words = (list: string): string[] => list.split(" ").filter(Boolean);

/** In every language: nobody would end a sentence with them. */
const TITLES = words(
  "Mr Mrs Ms Mx Dr Drs Prof St Ste Capt Cpt Col Gen Lt Ltn Sgt Cpl Pvt Maj Adm Cmdr Cdr Brig Ens Gov Sen Rep Pres Supt Insp " +
    "Det Atty Amb Rev Fr Hon Msgr Messrs Mt Ft Pt Pte Bp Abp Ald Sig Sig.ra Sig.na Sigg Dott Dott.ssa Prof.ssa Ing Avv Hr Sra Srta " +
    "Mme Mmes Mlle vs viz cf e.g i.e",
);
const NUMBERED = words(
  "No no Nos nos Nr c Rs Tel tel Mk avg Spd spd prof Lvl lvl Lv p pp P pg vol Vol ch Ch chap sec Sec fig Fig figs art Art op Op",
);
const DOUBTFUL = words(
  "Inc Ltd Co co Corp Bros Jr Sr Esq Ph.D PhD ed eds al approx ca circa est Est ff Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov " +
    "Dec Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun Ave Blvd Rd Ln Pl Sq dept Dept misc max min mod ext abbr",
);
const UNITS = words(
  "ft in lb lbs oz yd yds mi gal qt pt sq cu hr hrs sec secs min mins km cm mm m kg g mph a.m p.m am pm A.M P.M AM PM",
);

const BY_LANGUAGE: Readonly<Record<string, Partial<Record<Exclude<keyof Abbreviations, "all">, string>>>> = {
  de: {
    titles:
      "Fr Frl v n z z.B d.h bzw vgl Hl hl ggf inkl exkl evtl sog zzgl bspw Mag Dipl Dipl.-Ing Kard Pfr Kgl kgl geb gest verh Frhr Fa Inh Abt insb i med phil jur rer nat",
    numbered: "Abb Bd Kap Nr S Tab Zi Art Abs Ziff Aufl",
    doubtful:
      "usw etc u a d h B o ä u.a o.ä u.ä ca Str Co Jh Jhd Jhs n.Chr v.Chr Chr Mio Mrd Std Stk bes allg Uhr Jan Feb Aug Sept Okt Nov Dez Mo Di Mi Do Sa So",
    units: "Std Min Sek Stk km m kg",
  },
  fr: {
    titles: "M MM Mgr Pr Me Vve env av apr J.-C Cie",
    numbered: "p pp fig vol art chap ch n t niv L Tél tél",
    doubtful: "etc éd janv févr avr juil sept oct nov déc bd boul hab",
  },
  es: {
    titles:
      "Sr Sres a d D Dª Dña Da Dra Lic Ud Uds Vd Vds Profa Gral Cap Sto Sta Fr Arq Mons Excmo Excma av Av Avda",
    numbered: "pág págs p s art núm niv cap tel fig vol n párr",
    doubtful:
      "etc aprox EE UU EE.UU ej máx mín admón Admón C.A a.C d.C ene feb abr ago sept oct nov dic Ene Feb Abr Ago Dic Lun Mar Mié Jue Vie Sáb Dom",
    units: "min hs Hs seg kg km",
  },
  it: {
    titles:
      "Sta Sto On Geom Arch Rag Cav Comm Mons Ill Egr Gent Spett S Ss P.zza V.le C.so ecc.mo Dr Dr.ssa Don es ad",
    numbered: "pag pagg p art n nn nr liv tel fig vol cap",
    doubtful:
      "ecc a.C d.C ca mar lun mer gio ven sab dom gen feb apr mag giu lug ago set ott nov dic Nov Dic",
  },
  pt: {
    titles: "Sr Srs D Da Dra Profa Exmo Exma Ilmo V.Exa Sto Sta Eng Arq Fr Mons Gal Cel Av R Pe",
    numbered: "pág págs p art n n.º núm cap fig vol tel",
    doubtful: "etc aprox a.C d.C jan fev abr mai ago set out nov dez máx mín",
  },
  pl: {
    titles:
      "np tj tzn dr prof hab inż mgr ks św ul al pl płk gen kpt por sierż tzw tzn m.in ds im red bł o wg zob por ok",
    numbered: "nr str s godz art rys t r",
    doubtful: "tys mln mld itd itp in r w n.e p.n.e jw cd br",
    units: "zł gr godz min sek km kg r w",
  },
  ru: {
    titles: "г гг ул им проф акад см напр т.е тов гр св пр пл пер обл р-н чл корр дер пос адм ген полк кап о",
    numbered: "стр с гл рис т п № кв тел д",
    doubtful: "тыс млн млрд др пр т.д т.п д п н.э долл",
    units: "г гг руб коп кг км м см ч час мин сек куб кв долл дол в вв д",
  },
  uk: {
    titles: "м вул ім проф акад див напр св пл р",
    numbered: "стор с рис",
    units: "грн коп тис млн р рр",
  },
  nl: {
    titles: "dhr mevr mw drs ir ing mr bijv bv nl d.w.z m.b.t o.a t.a.v i.p.v jl jhr ds",
    numbered: "nr blz p art fig",
    doubtful: "enz etc ca e.d e.a jr sr",
  },
  sv: { titles: "t.ex bl.a dvs fr.o.m s.k hr fr", numbered: "nr s kap", doubtful: "osv m.m etc ca kl" },
  da: { titles: "f.eks bl.a dvs hr fr skt Skt", numbered: "nr s kap d", doubtful: "osv m.m m.v etc ca kl" },
  nb: { titles: "f.eks bl.a dvs hr fr", numbered: "nr s kap", doubtful: "osv m.m etc ca kl" },
  cs: { titles: "např tj tzn tzv sv p pí ing mgr dr prof", numbered: "č str s", doubtful: "atd apod aj" },
  tr: { titles: "Av Doç Öğr örn bkz", numbered: "s no", doubtful: "vb vs vd" },
  hi: { titles: "डॉ श्री पं प्रो सं कु" },
  ar: { titles: "د أ م أ.د ص" },
  el: { titles: "κ κα κος π.χ δηλ Αγ", doubtful: "κ.λπ κτλ κ.ά" },
};

const known = new Map<string, Abbreviations>();

/** @param language of two or three letters */
export function abbreviationsOf(language: string): Abbreviations {
  const made = known.get(language);
  if (made) return made;
  const own = Object.hasOwn(BY_LANGUAGE, language) ? BY_LANGUAGE[language] : undefined;
  const set = (all: readonly string[], more = ""): Set<string> => new Set([...all, ...words(more)]);
  const lists = {
    titles: set(TITLES, own?.titles),
    numbered: set(NUMBERED, own?.numbered),
    doubtful: set(DOUBTFUL, own?.doubtful),
    units: set(UNITS, own?.units),
  };
  const abbreviations = { ...lists, all: new Set(Object.values(lists).flatMap((list) => [...list])) };
  // A hostile table does not get to fill the map.
  if (own || known.size < 64) known.set(language, abbreviations);
  return abbreviations;
}

/** Languages that write `3. Oktober`: what stands behind one or two digits goes on. */
export const ORDINAL_LANGUAGES: ReadonlySet<string> = new Set(
  words("de pl cs sk sl hr sr bs hu fi et lv tr da nb nn no is"),
);
