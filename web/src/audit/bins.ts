import type { EventCount } from "../api/shapes";

/** A stretch of bars, by their places. */
export interface Brush {
  first: number;
  last: number;
}

/** The stretch between where a pointer went down and where it is, in whole bars. */
export function brushed(down: number, now: number, width: number, bars: number): Brush {
  const at = (x: number) => Math.min(bars - 1, Math.max(0, Math.floor((x / width) * bars)));
  const [one, other] = [at(down), at(now)];
  return { first: Math.min(one, other), last: Math.max(one, other) };
}

/** The instants that a stretch covers: from the first bar's begin to the next one's after the last. */
export function covered(bars: EventCount[], to: string, brush: Brush): { from: Date; to: Date } {
  const begin = bars[brush.first]?.from ?? to;
  const end = bars[brush.last + 1]?.from ?? to;
  return { from: new Date(begin), to: new Date(end) };
}

/** How many events there are in all, and in which part most. */
export function summary(bars: EventCount[]): { events: number; most: EventCount | null } {
  let most: EventCount | null = null;
  let events = 0;
  for (const bar of bars) {
    events += bar.events;
    if (bar.events > (most?.events ?? 0)) most = bar;
  }
  return { events, most };
}
