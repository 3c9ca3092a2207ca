import { useEffect, useState } from "react";
import { useZone } from "../app/zone";
import { t } from "../words";
import { ago, both, span, until } from "./time";

/** A point in time, in the reader's zone and in UTC. */
export function Time({ at, seconds }: { at: string | null | undefined; seconds?: boolean }) {
  const zone = useZone();
  if (!at) return <span>{t("none")}</span>;
  return <time dateTime={at}>{both(at, zone, seconds)}</time>;
}

/** The clock, every so often. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** How long until an instant. */
export function TimeLeft({ at }: { at: string | null }) {
  const now = useNow(1000);
  if (!at) return <span>{t("none")}</span>;
  const left = until(at, now);
  return (
    <span>
      {left > 0
        ? t("time.left", { span: span(left > 3600 ? Math.floor(left / 60) * 60 : left) })
        : t("time.over")}
    </span>
  );
}

/** How long ago an instant was. */
export function Ago({ at }: { at: string }) {
  return <span>{ago(-until(at, useNow(5_000)))}</span>;
}
