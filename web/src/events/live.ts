import { useEffect, useSyncExternalStore } from "react";
import { queries } from "../api/query";

/** Whether what is shown follows what happens. */
export type Live = "starting" | "live" | "stale";

/** A change as the stream tells it. */
interface Changed {
  noun: string;
  id: string;
  seq: number;
}

/** What is asked for anew when something of a noun changed. Approvals, counters and homes hang on several. */
const CONCERNS: Record<string, string[]> = {
  request: ["requests", "me", "authorizations"],
  authorization: ["requests", "authorizations", "me", "take-backs"],
  // A request's own page shows its preview and what is to be taken back; lists of requests say nothing of runs.
  execution: ["executions", "authorizations", "take-backs", "requests/one"],
  organization: ["organization", "me"],
  person: ["people", "me", "groups"],
  group: ["groups", "people", "organization"],
  task: ["tasks"],
  workload: ["tasks"],
  role: ["roles", "tasks"],
  "role-group": ["role-groups", "people", "tasks"],
  policy: ["policies", "tasks"],
  token: ["tokens"],
  "audit-event": [],
};

export function concerned(noun: string): string[] | "everything" {
  return noun === "everything" ? "everything" : (CONCERNS[noun] ?? "everything");
}

function apply(change: Changed): void {
  const keys = concerned(change.noun);
  if (keys === "everything")
    void queries.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "audit" });
  else for (const key of keys) void queries.invalidateQueries({ queryKey: key.split("/") });
}

let state: Live = "starting";
const listeners = new Set<() => void>();

function become(next: Live): void {
  if (state === next) return;
  state = next;
  for (const listener of listeners) listener();
}

/** How long a break may last before the pages say that they are stale. */
const PATIENCE = 4_000;
const CHANNEL = "countersign-events";

/**
 * Follows the stream of changes while the pages are open. Of all windows of this browser one holds the stream and
 * tells the others; when it closes, the next takes over.
 */
function follow(): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  const stopped = new AbortController();
  let source: EventSource | null = null;
  let patience: ReturnType<typeof setTimeout> | null = null;
  const waver = () => {
    patience ??= setTimeout(() => become("stale"), PATIENCE);
  };
  const steady = () => {
    if (patience) clearTimeout(patience);
    patience = null;
    // What happened during a break may never be told: everything is asked for anew.
    if (state === "stale") void queries.invalidateQueries();
    become("live");
  };
  channel.onmessage = ({ data }: MessageEvent<Changed | "live" | "stale" | "ask">) => {
    if (data === "ask") {
      if (source?.readyState === EventSource.OPEN) channel.postMessage("live");
    } else if (data === "live") steady();
    else if (data === "stale") waver();
    else apply(data);
  };
  channel.postMessage("ask");
  const lead = () =>
    new Promise<void>((resolve) => {
      const open = () => {
        source = new EventSource("/api/v1/events");
        source.onopen = () => {
          steady();
          channel.postMessage("live");
        };
        source.onmessage = (event: MessageEvent<string>) => {
          const change = JSON.parse(event.data) as Changed;
          apply(change);
          channel.postMessage(change);
        };
        source.onerror = () => {
          waver();
          channel.postMessage("stale");
          if (source?.readyState !== EventSource.CLOSED) return;
          // Refused, not broken: the session is looked at, and the stream opened again a little later.
          void queries.invalidateQueries({ queryKey: ["session"] });
          setTimeout(() => {
            if (!stopped.signal.aborted) open();
          }, PATIENCE);
        };
      };
      open();
      stopped.signal.addEventListener("abort", () => {
        source?.close();
        resolve();
      });
    });
  navigator.locks.request(CHANNEL, { signal: stopped.signal }, lead).catch(() => undefined);
  return () => {
    stopped.abort();
    if (patience) clearTimeout(patience);
    channel.close();
    become("starting");
  };
}

/** Follows what happens, and says whether that works. */
export function useLive(): Live {
  useEffect(follow, []);
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}
