import { useSyncExternalStore } from "react";

/** The reader's own choice of time zone; none means the browser's. */
const KEY = "zone";
const listeners = new Set<() => void>();

/** The zone that times are shown in beside UTC; undefined is the browser's. */
export function zone(): string | undefined {
  const kept = localStorage.getItem(KEY);
  return kept && known(kept) ? kept : undefined;
}

export function setZone(chosen: string | undefined): void {
  if (chosen) localStorage.setItem(KEY, chosen);
  else localStorage.removeItem(KEY);
  for (const listener of listeners) listener();
}

export function useZone(): string | undefined {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, zone);
}

/** The zone of the browser itself. */
export function browserZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

export function known(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** Every zone that the browser knows. */
export function zones(): string[] {
  return ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];
}
