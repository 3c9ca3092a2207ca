/** What was on the screen in this browser's window: for each request the digest that was shown. */
const KEY = "opened";
/** So many are remembered; who opens more opens the oldest again. */
const MOST = 500;

function all(): Record<string, string> {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
    return typeof kept === "object" && kept !== null ? (kept as Record<string, string>) : {};
  } catch {
    return {};
  }
}

/** Notes that a request was shown as it stands. */
export function noteOpened(number: string, statement: string): void {
  const { [number]: _, ...others } = all();
  const entries = [...Object.entries(others), [number, statement]].slice(-MOST);
  sessionStorage.setItem(KEY, JSON.stringify(Object.fromEntries(entries)));
}

/** Whether exactly this was shown: a request that changed since is to be read again. */
export function wasOpened(number: string, statement: string): boolean {
  return all()[number] === statement;
}
