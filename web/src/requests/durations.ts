const HOUR = 3_600;
const STEPS = [0.25, 0.5, 1, 2, 4, 8, 12, 24, 48, 72, 168, 336, 720].map((hours) => hours * HOUR);
const USUAL = 4 * HOUR;

/** Sensible durations in seconds up to a ceiling, which is one of them. */
export function durations(ceiling: number): number[] {
  const below = STEPS.filter((step) => step < ceiling);
  return ceiling > 0 ? [...below, ceiling] : below;
}

/** What is chosen unless somebody chooses: four hours, or less where that is too much. */
export function usual(ceiling: number): number {
  return Math.min(USUAL, ceiling);
}

/** The longest that a request may ask for: the policy's ceiling, or the organization's. Microseconds where the API says so. */
export function ceiling(organizationSecs: number, policyMicros: number | undefined): number {
  return Math.min(
    organizationSecs,
    policyMicros === undefined ? organizationSecs : Math.floor(policyMicros / 1_000_000),
  );
}
