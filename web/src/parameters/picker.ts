import { useEffect, useRef, useState } from "react";
import { useIntent } from "../api/intent";
import type { Problem } from "../api/problem";
import { start } from "../executions/executions";
import { visible } from "../ui/hidden";
import type { Offer } from "./offers";
import { outputOf, picked } from "./picked";

export interface Picker {
  offers: Offer[];
  busy: boolean;
  /** Whether a list was fetched. */
  done: boolean;
  /** Set where the list's task ended without success. */
  failed: boolean;
  problem: Problem | null;
  fetch: () => void;
}

/** Values from a list task. It is an ordinary run of one's own, so it is judged and recorded like any other. */
export function usePicker(task: string | null): Picker {
  const [offers, setOffers] = useState<Offer[] | null>(null);
  const [waiting, setWaiting] = useState(false);
  const [failed, setFailed] = useState(false);
  const stopped = useRef(new AbortController());
  useEffect(() => () => stopped.current.abort(), []);
  const intent = useIntent(
    (_: undefined, key) => start({ task: task ?? "", values: {} }, key),
    (answer) => {
      setWaiting(true);
      setFailed(false);
      outputOf(answer.execution, stopped.current.signal)
        .then((output) => {
          setFailed(output === null);
          setOffers(picked(output ?? "").map((value) => ({ value, label: visible(value) })));
        })
        .catch(() => setFailed(true))
        .finally(() => setWaiting(false));
    },
  );
  return {
    offers: offers ?? [],
    busy: intent.busy || waiting,
    done: offers !== null,
    failed,
    problem: intent.problem,
    fetch: () => intent.send(undefined),
  };
}
