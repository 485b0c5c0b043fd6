import { expect, test } from "bun:test";
import { saidOf, spokenForm } from "../../../../src/core/text/spoken/spoken-form.ts";

function said(text: string): string {
  return saidOf(spokenForm(text, { language: "en-us" }));
}

const KINDS: Record<string, readonly (readonly [written: string, said: string])[]> = {
  money: [
    ["It costs $500.", "It costs five hundred dollars."],
    ["It costs €3.50.", "It costs three euros and fifty cents."],
    ["$1.5 million, £1.01, $0.50", "one point five million dollars, one pound and one penny, fifty cents"],
    ["$5–10 or 5 €, a $20-note", "five to ten dollars or five euros, a twenty dollar-note"],
    ["$5/day", "five dollars per day"],
    [
      "EUR 5, 5 M€, CHF 40, Rs. 500, 20 kr, 1'000.50",
      "five euros, five million euros, forty Swiss francs, five hundred rupees, twenty kroner, one thousand point five zero",
    ],
    [
      "$2.5B, £3m, $.99, $-5",
      "two point five billion dollars, three million pounds, ninety nine cents, minus five dollars",
    ],
    [
      "US$50 or C$50, -$5, a $5k bounty, a $5 or a $6 hat",
      "fifty US dollars or fifty Canadian dollars, minus five dollars, a five thousand dollar bounty, a five dollars or a six dollar hat",
    ],
  ],
  times: [
    ["At 8:00, at 12:05 and at 16:45.", "At eight o'clock, at twelve oh five and at sixteen forty five."],
    [
      "19h30, 2026-11-30T19:30:00Z",
      "nineteen thirty, November thirtieth, twenty twenty six, nineteen thirty",
    ],
    [
      "10am–noon, noon–3pm, midnight to 2 a.m., 0600 hours",
      "ten a.m. to noon, noon to three p.m., midnight to two a.m., oh six hundred hours",
    ],
    ["At 6:15 a.m. today, 5 p.m.", "At six fifteen a.m. today, five p.m."],
    ["Open 9 a.m.–5 p.m. Mon.–Fri.", "Open nine a.m. to five p.m. Monday to Friday."],
    [
      "Open 9:00–17:00 or 8:30-9:15, Mon–Fri, at 5.30 p.m.",
      "Open nine o'clock to seventeen hundred or eight thirty to nine fifteen, Monday to Friday, at five thirty p.m.",
    ],
  ],
  dates: [
    ["On Jan. 5 we left.", "On January fifth we left."],
    ["On 5 Oct. 1621 it began.", "On the fifth of October sixteen twenty one it began."],
    ["The fair lasts 12–15 March.", "The fair lasts the twelfth to the fifteenth of March."],
    ["From the 3rd–5th of May they rest.", "From the third to the fifth of May they rest."],
    [
      "Born 4/7, on Sunday 11/29, 4/7 of them",
      "Born April seventh, on Sunday November twenty ninth, four sevenths of them",
    ],
    ["All 5 Marchers fell.", "All five Marchers fell."],
    ["Maelis (she/her) and Kit (they/them/theirs)", "Maelis (she her) and Kit (they them theirs)"],
    ["He/she goes, and her/his bag.", "He or she goes, and her or his bag."],
    [
      "On 3/4/2024 and 2024-12-25.",
      "On March fourth, twenty twenty four and December twenty fifth, twenty twenty four.",
    ],
    ["See you Mon. at noon.", "See you Monday at noon."],
    [
      "May 5–7, 1999, Jan 1st and 9/11",
      "May fifth to seventh, nineteen ninety nine, January first and nine eleven",
    ],
    ["In March 3 miles of road were lost.", "In March three miles of road were lost."],
  ],
  years: [
    [
      "It fell in 1492, in 1900 and in 2024.",
      "It fell in fourteen ninety two, in nineteen hundred and in twenty twenty four.",
    ],
    ["The siege of 1066; the 1990s; '69.", "The siege of ten sixty six; the nineteen nineties; sixty nine."],
    [
      "pre-1914, 1914/15, in the 30s, for 30s",
      "pre-nineteen fourteen, nineteen fourteen to fifteen, in the thirties, for thirty seconds",
    ],
    ["1888's fog, the class of '09", "eighteen eighty eight's fog, the class of oh nine"],
    ["A 1967 Mustang, the 3rd–5th ranks", "A nineteen sixty seven Mustang, the third to fifth ranks"],
    ["In 1200 ships came 1500 men.", "In one thousand two hundred ships came one thousand five hundred men."],
    ["From 1914–18, in 1492 DR.", "From nineteen fourteen to eighteen, in fourteen ninety two DR."],
  ],
  "Roman numerals": [
    ["World War II and World War I ended.", "World War two and World War one ended."],
    [
      "Henry VIII's wife, Louis XIV, Henry V.",
      "Henry the eighth's wife, Louis the fourteenth, Henry the fifth.",
    ],
    ["Chapters II–IV and VI, Vol. XII.", "Chapters two to four and six, volume twelve."],
    ["I saw what Thorin I and Malcolm X saw.", "I saw what Thorin I and Malcolm X saw."],
    ["MIX it with Vitamin C. Plan B, Mr. X.", "MIX it with Vitamin C. Plan B, Mr. X."],
    ["MCMXCIX, Session XLII, Mk. IV", "nineteen ninety nine, Session forty two, mark four"],
    ["The room I was in burned. Part I was better.", "The room I was in burned. Part one was better."],
    ["WWII in the XX century", "World War two in the twentieth century"],
    ["Act I, scene ii, pp. iv–vi; part i.", "Act one, scene two, pages four to six; part one."],
    ["In part i think the vi mix c.", "In part i think the vi mix c."],
  ],
  units: [
    ["I walked 20–60 ft. north.", "I walked twenty to sixty feet north."],
    ["Range 80/320 ft., a 20-ft. drop", "Range eighty to three hundred twenty feet, a twenty foot drop"],
    ["A 1½ in. nail, 9' high, 6\" wide.", "A one and a half inch nail, nine feet high, six inches wide."],
    ["It is 5 ft. Goblins hide.", "It is five feet. Goblins hide."],
    ["Speed 30 ft./turn. He is 6'2\".", "Speed thirty feet per turn. He is six foot two."],
    [
      "10 L, 2 tsp, 5 kn, 9 m/s, 16 GB, 230 V",
      "ten litres, two teaspoons, five knots, nine metres per second, sixteen gigabytes, two hundred thirty volts",
    ],
    [
      "5 ft 11 in, 3/4 lb., 5/10 ft., 20℃",
      "five feet eleven inches, three quarters of a pound, five to ten feet, twenty degrees Celsius",
    ],
    ["Price/night, 3/turn", "Price per night, three per turn"],
    ["I was 20 in the hall.", "I was twenty in the hall."],
    ["He is 6'2½\" tall.", "He is six foot two and a half tall."],
    ['A 5/8" bolt.', "A five eighths inch bolt."],
    [
      "5 ft x 5 ft, a 10 x 10 ft. room, a 90° turn",
      "five feet by five feet, a ten by ten foot room, a ninety degree turn",
    ],
    [
      "10 - 20 miles, 20 - 3 goblins, 5-4=1",
      "ten to twenty miles, twenty minus three goblins, five minus four equals one",
    ],
    ["1-2-3 go, 5 * 3", "one-two-three go, five times three"],
    [
      "1 234 567 orcs, 10 000 gold",
      "one million two hundred thirty four thousand five hundred sixty seven orcs, ten thousand gold",
    ],
    ['She said "I have 9" and left.', 'She said "I have nine" and left.'],
    ["It was −4 °C, 20–25 °C.", "It was minus four degrees Celsius, twenty to twenty five degrees Celsius."],
  ],
  fractions: [
    [
      "3½ miles, 1 1/2, about 3/4 of them.",
      "three and a half miles, one and a half, about three quarters of them.",
    ],
    ["½ mile, ½ cover", "half a mile, half cover"],
    ["12/20 torches, 22/7", "twelve of twenty torches, twenty two over seven"],
  ],
  signs: [
    [
      "2 + 2 = 4, 3 × 4 = 12, 7 - 2, 7 − 2",
      "two plus two equals four, three times four equals twelve, seven minus two, seven minus two",
    ],
    ["Thorin & Co. wait @ noon in room #3.", "Thorin and Company wait at noon in room number three."],
    [
      "mc^2, x^-3, 10⁻³, 6.02e23",
      "mc squared, x to the minus third, ten to the minus third, six point zero two times ten to the twenty third",
    ],
    ["y != 3, a >= 2, === Title ===, 5‰.", "y is not three, a at least two,  Title , five per mille."],
    ["HP 10→15; a -> b, ~~~ ~5", "HP ten to fifteen; a – b,  about five"],
    ["C++, № 5, B♭, UTC-5, +1, 6+.", "C plus plus, number five, B flat, UTC minus five, plus one, six plus."],
    [
      "x − y, √2, 7 > 5, a Boeing 747-400",
      "x minus y, the root of two, seven is more than five, a Boeing seven hundred forty seven four hundred",
    ],
    [
      "3.5bn people, 1.2M views, 5%–10%",
      "three point five billion people, one point two million views, five to ten percent",
    ],
    ["30%, 10^3, 5², ≥10", "thirty percent, ten cubed, five squared, at least ten"],
    [
      "€1.234,56 or 1.234,56 km",
      "one thousand two hundred thirty four euros and fifty six cents or one thousand two hundred thirty four point five six kilometres",
    ],
    [
      "Dial 911, not 1-800-FLOWERS; 911 soldiers",
      "Dial nine one one, not one, eight hundred, flowers; nine hundred eleven soldiers",
    ],
    [
      "2^0 is 1, 3^00 too; the 0th floor",
      "two to the zeroth is one, three to the zeroth too; the zeroth floor",
    ],
    ["A 10x10 room, 5×5.", "A ten by ten room, five by five."],
    ["Well—known, e-mail, X-ray, R2D2", "Well—known, e-mail, X-ray, R2D2"],
  ],
  codes: [
    [
      "Call 555-0199 or 020 7946 0018.",
      "Call five five five, zero one nine nine or zero two zero, seven nine four six, zero zero one eight.",
    ],
    [
      "555.010.9999, 4-8-15-16, ISBN 978-3-16-148410-0, 1.000.000",
      "five five five, zero one zero, nine nine nine nine, four, eight, fifteen, sixteen, ISBN nine seven eight, three, one six, one four eight four one zero, zero, one million",
    ],
    ["01–50 or 51–00", "one to fifty or fifty one to one hundred"],
    ["Version v1.2.3 at 10.0.0.1.", "Version one point two point three at ten dot zero dot zero dot one."],
    ["See https://redkeep.example/map?id=4 now.", "See a link to redkeep.example now."],
    [
      "Mail old.mara@redkeep.example or mara+dm@red-keep.example.",
      "Mail old dot mara at redkeep dot example or mara plus dm at red dash keep dot example.",
    ],
  ],
  "short forms": [
    ["Ask Prof. Vane on St. Mary's St. now.", "Ask Professor Vane on Saint Mary's Street now."],
    ["No. 4, p. 12, vs. Jones, e.g. this.", "number four, page twelve, versus Jones, for example this."],
    ["No. I said no.", "No. I said no."],
  ],
};

for (const [kind, cases] of Object.entries(KINDS)) {
  test(`English ${kind} are said as people say them`, () => {
    for (const [written, expected] of cases) expect(said(written)).toBe(expected);
  });
}

test("letters in fancy dress are said as the letters that they are", () => {
  expect(said("𝐁𝐨𝐥𝐝 𝒮𝒸𝓇𝒾𝓅𝓉, Ｆｕｌｌ, ﬁsh, ①, H₂O, Cafe\u0301, Z\u0335a\u0329\u0322l\u0300go")).toBe(
    "Bold Script, Full, fish, 1, H2O, Café, Zalgo",
  );
});

test("prose is said as it is written", () => {
  const prose =
    "I came to the keep at night; nobody, not even Mara, was there. “Halt!” he cried. A door… It creaked.";
  expect(said(prose)).toBe(prose);
});
