/**
 * Words that begin sentences, and are no names: what ends in a doubtful full stop has ended before them.
 * @module
 */

const ENGLISH =
  "The A An He She It They We You I Its His Her Their Our Your My This That These Those There Here Then Now When Whenever " +
  "Where Who Whose What Why How Which If In On At By For From With Without Within But And Or So Yet As Not No Nobody None Yes " +
  "Only Just Even After Before Once Until Since While Though Although Because Unless Nothing Something Someone Somebody " +
  "Everyone Everybody Everything Anyone Anything Each Every All Both Some Many Most Few Several Another Other One Two Three " +
  "Do Does Did Is Are Was Were Am Has Have Had Can Could Would Should Must Shall Let Please Perhaps Maybe Meanwhile Later " +
  "Soon Suddenly Finally However Still Also Again Today Tomorrow Tonight Yesterday Inside Outside Behind Beyond Below Above " +
  "Under Over Beside Between Across Around Through To Of Out Up Down Away Back Far Roll Take Go Look Make Choose Pick Give " +
  "Tell Come Run Stop Wait Ask Try Use Add Get Put Bring Keep Leave Open Close Find Speak Listen Watch Never Always Ever " +
  "Don’t Don't It’s It's He’s He's She’s She's That’s That's There’s There's I’m I'm I’ve I've I’ll I'll We’re We're You’re You're They’re They're " +
  "Well Oh Ah Hey Okay OK Right";

const BY_LANGUAGE: Readonly<Record<string, string>> = {
  de:
    "Der Die Das Den Dem Des Ein Eine Einen Einem Er Sie Es Wir Ich Du Ihr Man Doch Und Aber Oder Denn Dann Danach Da Dort Hier " +
    "Jetzt Nun Nur Noch Auch Als Wenn Weil Ob Im In Am An Auf Aus Bei Mit Nach Vor Von Zu Zum Zur Über Unter Wer Was Wo Wie Warum " +
    "Wann Welche Kein Keine Niemand Nichts Alle Alles Jeder Jede Viele Mein Meine Dein Deine Sein Seine Ihre Unser Dieser Diese " +
    "Dieses Trotzdem Plötzlich Später Bald Heute Morgen Gestern So Ja Nein Bitte Komm Geh Lauf Vielleicht Elfen",
  fr:
    "Le La Les L’ L' Un Une Des Il Elle Ils Elles On Nous Vous Je Tu Ce Cet Cette Ces C’est C'est Mon Ma Mes Ton Ta Son Sa Ses Leur Mais Et Ou " +
    "Donc Or Ni Car Que Qui Quoi Où Quand Comment Pourquoi Dans Sur Sous Avec Sans Pour Par De Du À Au Aux En Puis Alors Ensuite " +
    "Ici Là Si Personne Rien Tout Tous Toute Chaque Oui Non Maintenant Soudain Demain Hier Ne Pas",
  es:
    "El La Los Las Un Una Unos Él Ella Ellos Yo Tú Usted Nosotros Lo Le Se Me Te Nos Este Esta Esto Ese Esa Eso Mi Tu Su Pero Y O " +
    "Que Qué Quién Quien Cuando Cuándo Dónde Donde Cómo Como Por Para Con Sin En De Del A Al Desde Hasta Entonces Luego Después " +
    "Ahora Aquí Allí Si Sí No Nadie Nada Todo Todos Cada Hay Hubo Es Son Era Está Ya También Hoy Mañana Ayer Vamos",
  it:
    "Il Lo La I Gli Le Un Uno Una Lui Lei Loro Io Tu Noi Voi Si Mi Ti Ci Vi Questo Questa Quello Quella Mio Tuo Suo Ma E Ed O Che " +
    "Chi Quando Dove Come Perché Per Con Senza In Nel Nella Di Del Della A Al Alla Da Dal Poi Allora Dopo Ora Adesso Qui Lì Se Sì " +
    "No Non Nessuno Niente Tutto Tutti Ogni C’è C'è È Era Sono Ha Oggi Domani Ieri",
  pt:
    "O A Os As Um Uma Ele Ela Eles Elas Eu Tu Você Nós Este Esta Isto Esse Essa Isso Meu Minha Seu Sua Mas E Ou Que Quem Quando " +
    "Onde Como Por Para Com Sem Em No Na Nos Nas De Do Da Ao À Então Depois Agora Aqui Ali Se Sim Não Ninguém Nada Tudo Todos Cada " +
    "Há É São Era Está Já Também Hoje Amanhã Ontem",
  pl:
    "To Ten Ta Te Ci On Ona Ono Oni Nie Tak Ale I A W We Z Ze Na Do Od Po Za Pod Przed Gdy Kiedy Jak Co Kto Gdzie Czy Już Jest Jeśli " +
    "Potem Wtedy Teraz Tu Tam Weź Idź Nikt Nic Ja Ty My Wy Mój Moja Twój Jego Jej Ich Każdy Wszyscy Dziś Jutro Wczoraj",
  ru:
    "Он Она Оно Они Я Ты Мы Вы Это Этот Эта Эти Тот Та Те И А Но Или В Во На С Со К Ко По За От До Из У О Об Для Когда Как Что Кто " +
    "Где Куда Почему Зачем Если Потом Тогда Затем Теперь Сейчас Здесь Там Нет Да Не Никто Ничто Все Всё Мой Твой Его Её Их Каждый " +
    "Сегодня Завтра Вчера Вот Так Хватит Пусть",
  nl: "De Het Een Hij Zij Ze We Wij Ik Jij Je Jullie Dit Dat Deze Maar En Of Dan Toen Nu Hier Daar Als In Op Niemand Niets Alles Wat Wie Waar Waarom Hoe",
  da: "Det Den De En Et Han Hun Vi Jeg Du I Men Og Eller Så Da Nu Her Der Hvis Når Hvad Hvem Hvor Ingen Alt",
  sv: "Det Den De En Ett Han Hon Vi Jag Du Ni Men Och Eller Så Då Nu Här Där Om När Vad Vem Var Ingen Allt",
};

/** Of the languages that were asked for. */
const known = new Map<string, ReadonlySet<string>>();

/** @param language of two or three letters; an unknown one begins its sentences like English */
export function startersOf(language: string): ReadonlySet<string> {
  const own = Object.hasOwn(BY_LANGUAGE, language) ? language : "en";
  const made = known.get(own) ?? new Set((BY_LANGUAGE[own] ?? ENGLISH).split(" "));
  known.set(own, made);
  return made;
}
