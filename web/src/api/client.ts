import createClient from "openapi-fetch";
import { ProblemError, readProblem, UNREACHABLE } from "./problem";
import type { paths } from "./schema.gen";

/** What proves to the server that a page of ours meant a change (see `sessions/current`). */
let csrf = "";
let onSessionProblem: (code: string) => void = () => {};

export function setCsrf(token: string): void {
  csrf = token;
}

export function csrfHeader(): Record<string, string> {
  return csrf ? { "X-CSRF-Token": csrf } : {};
}

/** Called when an answer says that nobody is signed in, or that the second factor is still to be shown. */
export function whenSessionEnds(told: (code: string) => void): void {
  onSessionProblem = told;
}

export const api = createClient<paths>({ baseUrl: "/", credentials: "same-origin" });

api.use({
  onRequest({ request }) {
    if (request.method !== "GET" && request.method !== "HEAD") {
      for (const [name, value] of Object.entries(csrfHeader())) request.headers.set(name, value);
    }
    return request;
  },
});

interface Outcome<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The answer, or the problem thrown. */
export async function got<T>(call: Promise<Outcome<T>>): Promise<T> {
  let outcome: Outcome<T>;
  try {
    outcome = await call;
  } catch {
    throw new ProblemError(UNREACHABLE);
  }
  if (outcome.response.ok) return outcome.data as T;
  throw told(readProblem(outcome.response.status, outcome.error));
}

/** Tells whoever watches the session, and gives the problem back to be thrown. */
export function told(problem: ReturnType<typeof readProblem>): ProblemError {
  const unfinished = problem.status === 403 && problem.code === "second_factor_required" && !problem.governs;
  if (problem.code === "sign_in_required" || unfinished) onSessionProblem(problem.code);
  return new ProblemError(problem);
}
