/** Words that the rule would respell, and that Flite has in its own lexicon. */
export const KNOWN_TO_FLITE: ReadonlySet<string> = new Set(
  `adjuncts afterthoughts aleksandr algorithms allomorphs amongst angst arndt arnst arntz artzt
attempts aungst backlights barndt barsch barszcz bartsch behrns benights bensch berndt bersch bertch
berths bertsch betsch billionths birthrights births borsch borscht bowlds bownds bratsch brcko
britsch bullfights bursch bursts burtch butsch cantv cdebaca cevaxs chmiel chmielewski chseing cmos
cmx copyrights cordts counterweights crnkovich crownx csaszar daylights dbase deitsch delights
densch depths dersch deutsch dhlakama diercks dietsch dircks directv dmitri doetsch dogfights dorsch
dortch dr draughts droughts drzewiecki dsouza dzhirkvelov dzhokhar earths eighth eighths eights
empts ernst etc excerpts exempts fetsch fifths fights firefights firsts fischl flashlights flights
floodlights foertsch footlights fortnights fourths fritsch fthenakis gatx gdansk gerdts gersch
gertsch gfeller ghrist giersch gmbh gnc goblirsch goetsch goettsch goodnights gotsch gottsch govpx
growths gschwind gsell gtech gunfights gvaryahu harpst harsch haydn hbox headlights hearths
heavyweights heighth heights hengst hensch herbst hersch highlights hingst hinsch hirsch hjelm
hjerpe hjort hmong horsch hrdlicka hrncir huebsch hundredths hyacinths ibn insights instincts jencks
jentsch jhirmack jr kelsch kersch kganakga kgori khmer khrushchev kierscht kirsch kitsch klensch
knights koelsch kretsch krzysztof krzywicki krzyzanowski ksiazek kutsch kvale kvam kvamme kvasnicka
kvetch kveton kvistad kvitsinsky laatsch latsch length lengths lentsch lentzsch lersch letsch lights
lincks ljubljana ljubomir logarithms ltd marcks marsch matsch mbank mc mcbrayer mcbrearty mcbreen
mcbride mcbridge mcbrien mcbroom mcbryar mcbryde mcchesney mcclafferty mcclaflin mcclain mcclaine
mcclam mcclanahan mcclane mcclaran mcclard mcclaren mcclarnon mcclarty mcclary mcclaskey mcclatchey
mcclatchy mcclaugherty mcclave mcclay mccleaf mcclean mccleary mccleave mccleery mcclees mccleese
mcclellan mcclelland mcclellen mcclements mcclenaghan mcclenahan mcclenathan mcclendon mcclenny
mccleskey mcclimans mcclintic mcclintick mcclintock mcclinton mcclish mcclory mccloskey mcclosky
mccloud mccloy mccluer mcclune mccluney mcclung mcclure mcclurg mcclurkin mccluskey mccracken
mccrackin mccrady mccrae mccraney mccranie mccrary mccravy mccraw mccray mccrea mccreadie mccready
mccreary mccredie mccree mccreedy mccreery mccreight mccreless mccrickard mccright mccrillis
mccrimmon mccrocklin mccrone mccrorey mccrory mccroskey mccrossen mccrudden mccrum mccrumb mccrystal
mcghie mcglade mcglamery mcglashan mcglasson mcglaughlin mcglaun mcglinchey mcglinn mcglocklin
mcgloin mcglone mcglory mcglothen mcglothin mcglothlin mcglynn mcgrady mcgrail mcgrain mcgranahan
mcgrane mcgrath mcgraw mcgray mcgreal mcgreevey mcgreevy mcgregor mcgregory mcgrevin mcgrew mcgriff
mcgroarty mcgrogan mcgrory mcgruder mcphail mcphatter mcphaul mcphearson mcphee mcpheeters mcpheron
mcpherson mcphie mcphillips mcshea mcsherry mcsleep mcspadden mcwhorter mensch mersch messrs mfume
mhoon micrografx miksch millionths mincks mitsch mkhatshwa mladic mlotok mme mnemonics mnookin
monarchs months morphs morsch mpeg mr mrs ms msgr mssrs mt mtel munsch mutsch naacp ng ngema nghi
nguyen nights ninths nitsch nvhomes nvryan nymphs oligarchs outbursts overflights partch patriarchs
pautsch petsch phlcorp pietsch pitsch playwrights poeschl powerpc powerpcs prchal precincts preempts
prompts putsch qmax ralphs rebirths reinsch rembrandts rensch rentsch rhythms richts rights rohlfs
rwanda rwandan rwandans rwandese sbarro schlabach schlachter schlack schlafer schlafly schlag
schlagel schlager schlageter schlake schlang schlangen schlanger schlarb schlater schlatter schlauch
schlecht schlechter schlee schleeter schlegel schlegelmilch schleich schleicher schleif schleifer
schleiger schleimer schlein schleis schlemmer schlender schlenker schlepp schlereth schlesinger
schlesser schlessinger schleswig schley schleyer schlicher schlicht schlichter schlichting schlick
schlicker schlict schlie schliep schlieper schlink schlitt schlitter schlitz schlobohm schlock
schloemer schloesser schlosberg schloss schlossberg schlosser schlossman schlott schlotter
schlotterbeck schlottman schlotzhauer schlough schlueter schlumberger schlund schlup schluter
schmader schmahl schmal schmale schmall schmaltz schmalz schmancy schmaus schmead schmechel schmeck
schmehl schmeichel schmeiser schmeling schmelter schmeltz schmeltzer schmelz schmelzer schmelzle
schmergel schmertz schmetterer schmick schmid schmiddy schmidgall schmidl schmidlin schmidt
schmidtke schmied schmieder schmieg schmierer schmiesing schmit schmitt schmitter schmittou schmitz
schmitzer schmoke schmoker schmoldt schmoll schmooze schmoozing schmotzer schmoyer schmuck schmucker
schmuckler schmuhl schmults schmunk schmutz schmutzler schnabel schnack schnackenberg schnake
schnakenberg schnall schnapp schnapps schnarr schnauzer schneberger schnebly schneck schneckloth
schnee schneeberger schneeman schneerson schneid schneider schneiderman schneiders schneidewind
schneier schneiter schnell schnelle schneller schnepf schnepp schnettler schnetzer schnick schnider
schnieder schnieders schnier schnitker schnittke schnitz schnitzer schnitzler schnoebelen schnook
schnooks schnoor schnorr schnur schnurr schnyder schorsch schrack schrade schrader schraeder schrag
schrage schrager schram schramm schrandt schrank schrantz schranz schraufnagel schrecengost schreck
schreckengost schrecongost schreder schreffler schreger schreiber schreibman schreier schreifels
schreiner schreiter schremp schrempf schrempp schrenk schreur schreurs schreyer schriber schrick
schricker schrieber schriefer schrier schriever schrimpf schrimsher schriner schriver schroader
schrock schroder schroders schrodt schroeck schroeder schroedl schroepfer schroer schroeter schroff
schroll schrom schronce schropp schroth schroyer schrum schrumpf schrupp schryer schryver schwa
schwab schwabe schwaderer schwager schwahn schwaiger schwake schwalb schwalbach schwalbe schwalier
schwall schwaller schwalm schwam schwan schwandt schwanke schwantes schwanz schwark schwarm schwartz
schwartzberg schwartzchild schwartzkopf schwartzman schwarz schwarze schwarzenegger schwarzer
schwarzkopf schwarzman schwebach schwebel schwebke schwed schweda schwede schweder schweer schweers
schwegel schwegler schwegman schweich schweickert schweiger schweigert schweighardt schweikert
schweinsberg schweiss schweitzer schweizer schweizerische schwemm schwemmer schwendeman schwenk
schwenke schwenker schwenn schwent schweppe schweppes schwer schwerdloff schwerdt schwerdtfeger
schwerin schwering schwerner schwertfeger schwertner schwichtenberg schwieger schwier schwiesow
schwieterman schwimmer schwind schwindt schwing schwinger schwinn schwisow schwoerer sculpts
sczepanski searchlights sevenths sffed sgambati shcharansky shchedrin shcherbitsky shipwrights
shtick sights sixteenths sixths skrzypek skylights slights speights spotlights sr ssangyong st
sticktights stoplights straights strength strengths strzelecki stumpff szczech szczepaniak
szczepanik szczepanski szczerba szczesniak szczesny szczygiel szwed tatsch tbilisi tchuruk tempts
tenths teutsch thielsch thirsts thirteenths thoughts thousandths tights trbovich tritsch triumphs
trnka trzcinski tschantz tschetter tschida tschirhart tschopp tschudy tschumi tvsat twelfth twelvth
unangst unbeknownst uprights vaughns vetsch visx vlcek vnesheconombank vrba vrdolyak vs vsel warmth
wavelength wavelengths wealths weights welsch werntz widths wlodarczyk wlodarski wm worlds worths
wrights wrzesinski wuensch wunsch xscribe xtra yachts yingst zmijewski zsazsa zschau`.split(/\s/),
);
