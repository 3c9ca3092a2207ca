/** A page of a list as the API gives it. */
export interface PageOf<Row> {
  items: Row[];
  /** Where the next page begins; null at the end. */
  next?: string | null;
}

/** What is known of a long list: where its pages begin, and how high those are that were drawn. */
export interface Known {
  cursors: (string | null)[];
  heights: (number | undefined)[];
}

/** The first and the last page that are drawn. */
export interface Drawn {
  first: number;
  last: number;
}

export const NOTHING_KNOWN: Known = { cursors: [null], heights: [] };

/**
 * What a page says about where the next one begins. What was known about later pages stays where that is the same;
 * where something came in between, they are learnt anew.
 */
export function learn(known: Known, page: number, next: string | null): Known {
  const before = known.cursors[page + 1];
  if (next === null) {
    if (before === undefined) return known;
    return { cursors: known.cursors.slice(0, page + 1), heights: known.heights.slice(0, page + 1) };
  }
  if (before === next) return known;
  return {
    cursors: [...known.cursors.slice(0, page + 1), next],
    heights: known.heights.slice(0, page + 1),
  };
}

/** How high a page is taken to be before it was drawn. */
const GUESS = 1_600;

/**
 * Which pages touch what is on the screen, `above` and `below` the list's beginning, in pixels. At least one is, and
 * never more than `most`.
 */
export function drawn(known: Known, above: number, below: number, most: number): Drawn {
  let top = 0;
  let first: number | null = null;
  let last = 0;
  for (let page = 0; page < known.cursors.length; page += 1) {
    const bottom = top + (known.heights[page] ?? GUESS);
    if (bottom > above && (top < below || first === null)) {
      first ??= page;
      last = page;
    }
    top = bottom;
  }
  const begin = first ?? known.cursors.length - 1;
  return { first: begin, last: Math.min(Math.max(last, begin), begin + most - 1) };
}

/** The room that some pages take which are not drawn. What was never drawn takes none. */
export function heightOf(known: Known, from: number, to: number): number {
  let sum = 0;
  for (let page = from; page < to; page += 1) sum += known.heights[page] ?? 0;
  return sum;
}
