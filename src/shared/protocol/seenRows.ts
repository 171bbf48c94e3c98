/** Whether the rows that a model is measured on are known to it: then a good score is no sign of a good model. */

/** Of the rows; a few repeated rows are in most tables. */
const mostSeen = 0.05;

/** `seenRows`: those of `rows` that training has too; null where they were not counted. */
export function isDoubtful(seenRows: number | null, rows: number): boolean {
  return seenRows !== null && rows > 0 && seenRows > mostSeen * rows;
}
