import { useQuery } from "@tanstack/react-query";
import { api, got, setCsrf, whenSessionEnds } from "../api/client";
import { problemOf } from "../api/problem";
import { queries } from "../api/query";
import type { Session } from "../api/shapes";

const KEY = ["session"];

/** Set once a session that was there is over, so that signing in says why. */
let ended = false;

export function sessionEnded(): boolean {
  return ended;
}

/** Acts under way that replace the session. Until they are answered, others may still be sent with the old one. */
let replacing = 0;

/** An act whose answer brings a new session: what is refused meanwhile says nothing about the session. */
export async function replacingSession<T extends Session>(act: () => Promise<T>): Promise<T> {
  replacing += 1;
  try {
    const session = await act();
    adopt(session);
    return session;
  } finally {
    replacing -= 1;
  }
}

// Something was refused; whether the session is over is asked with the cookie of now.
whenSessionEnds(() => {
  if (replacing === 0 && queries.getQueryData(KEY)) void queries.invalidateQueries({ queryKey: KEY });
});

/** Takes a new session over, or notes that there is none. */
export function adopt(session: Session | null): void {
  setCsrf(session?.csrf ?? "");
  if (session) ended = false;
  queries.setQueryData(KEY, session);
}

/** The session, null where nobody is signed in. */
export function useSession() {
  return useQuery({
    queryKey: KEY,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async (): Promise<Session | null> => {
      try {
        const session = await got(api.GET("/api/v1/sessions/current"));
        setCsrf(session.csrf);
        return session;
      } catch (error) {
        if (problemOf(error).code !== "sign_in_required") throw error;
        const before = queries.getQueryData<Session | null>(KEY) ?? null;
        if (replacing > 0) return before;
        ended = before !== null;
        return null;
      }
    },
  });
}

/** Who is signed in. */
export function useMe() {
  return useQuery({
    queryKey: ["me"],
    queryFn: async () => await got(api.GET("/api/v1/me")),
  });
}

export async function signIn(upn: string, password: string): Promise<Session> {
  return await got(api.POST("/api/v1/sessions", { body: { upn, password } }));
}

/** Signs in whoever just set a password here. What was fetched for somebody else in this browser is forgotten. */
export async function enter(upn: string, password: string): Promise<Session> {
  const session = await signIn(upn, password);
  forgetFetched();
  adopt(session);
  return session;
}

export async function showSecondFactor(code: string): Promise<Session> {
  const call = api.POST("/api/v1/sessions/current/second-factor", {
    body: { code: code.replace(/\s/g, "") },
  });
  return await got(call);
}

export async function signOut(everywhere: boolean): Promise<void> {
  try {
    await got(
      api.DELETE("/api/v1/sessions/current", { params: { query: everywhere ? { everywhere: true } : {} } }),
    );
  } finally {
    ended = false;
    adopt(null);
    forgetFetched();
  }
}

function forgetFetched(): void {
  queries.removeQueries({ predicate: (query) => query.queryKey[0] !== KEY[0] });
}
