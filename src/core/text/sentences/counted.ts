/** Words before a number that is theirs: `Roll 2.` begins no second option. */
export const COUNTED: RegExp =
  /(?:\d|\b(?:than|least|most|over|under|to|at|of|is|are|take|roll|rolled|level|need|needs|have|has|got|with|by|and|or|only|just))\s$/iu;
