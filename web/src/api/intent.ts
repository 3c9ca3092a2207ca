import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { type Problem, problemOf } from "./problem";
import { queries } from "./query";

/** A key that names one intention: sent again, it is carried out once. */
export function newKey(): string {
  return crypto.randomUUID();
}

/** Whether a failed try may have been carried out, so that the next try must carry the same key. */
export function isOpen(problem: Problem): boolean {
  return problem.status === 0 || problem.status >= 500;
}

/** `once`: the act leaves its screen, on which nothing more is sent while the next one is still being fetched. */
export interface Intention {
  once?: true;
}

/**
 * An act of the person. Its key stays the same until the server has answered, so that a double click, a lost answer
 * or a second try can't act twice.
 */
export function useIntent<Input, Answer>(
  act: (input: Input, key: string) => Promise<Answer>,
  done?: (answer: Answer, input: Input) => void,
  { once }: Intention = {},
) {
  const key = useRef<string | null>(null);
  const busy = useRef(false);
  const mutation = useMutation<Answer, Error, Input>({
    mutationFn: (input) => {
      key.current ??= newKey();
      return act(input, key.current);
    },
    onSuccess: (answer, input) => {
      key.current = null;
      void queries.invalidateQueries();
      done?.(answer, input);
    },
    onError: (error) => {
      if (!isOpen(problemOf(error))) key.current = null;
    },
    onSettled: (_, error) => {
      busy.current = once === true && error === null;
    },
  });
  const send = (input: Input) => {
    if (busy.current) return;
    busy.current = true;
    mutation.mutate(input);
  };
  const problem = mutation.error ? problemOf(mutation.error) : null;
  return {
    send,
    busy: mutation.isPending || (once === true && mutation.isSuccess),
    problem,
    answer: mutation.data,
    reset: mutation.reset,
  };
}

/** The header that carries an intention's key. */
export function keyed(key: string) {
  return { header: { "Idempotency-Key": key } };
}
