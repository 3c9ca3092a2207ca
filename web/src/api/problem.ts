/** A refusal or fault as the API tells it: problem details (RFC 9457) with a stable code. */
export interface Problem {
  status: number;
  code: string;
  title: string;
  detail: string;
  /** What governs: a policy, a limit, a rule. */
  governs?: string;
  /** The next step. */
  hint?: string;
  /** What the server's log knows the request by. */
  request_id?: string;
}

/** A refusal that was only foretold, as the problem it would be. */
export function foretold(refusal: {
  code: string;
  message: string;
  governs?: string | null;
  hint?: string | null;
}): Problem {
  return {
    status: 403,
    code: refusal.code,
    title: "",
    detail: refusal.message,
    ...(refusal.governs ? { governs: refusal.governs } : {}),
    ...(refusal.hint ? { hint: refusal.hint } : {}),
  };
}

/** A problem, thrown. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";

  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

/** The server could not be reached, or its answer was not one of ours. Whether anything happened is not known. */
export const UNREACHABLE: Problem = {
  status: 0,
  code: "unreachable",
  title: "unreachable",
  detail: "",
};

export function problemOf(error: unknown): Problem {
  return error instanceof ProblemError ? error.problem : UNREACHABLE;
}

/** Reads what an answer that was not a success carried. */
export function readProblem(status: number, body: unknown): Problem {
  if (typeof body === "object" && body !== null && "code" in body && "detail" in body) {
    return { title: "", ...body, status } as Problem;
  }
  return { status, code: status === 401 ? "sign_in_required" : "unreachable", title: "", detail: "" };
}
