import { useCallback, useLayoutEffect, useRef, useState } from "react";
import { type ApiProblem, asProblem, newKey } from "@/api/client";
import { toastProblem } from "@/components/ui/toast";

interface Command<Input> {
  run: (input: Input) => Promise<boolean>;
  pending: boolean;
  problem: ApiProblem | null;
}

/**
 * Runs a command once at a time and shows its problem. Trying the same input again after a failure
 * repeats the same idempotency key, so a command whose answer was lost does not run twice.
 */
export function useCommand<Input>(
  send: (input: Input, key: string) => Promise<unknown>,
): Command<Input> {
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const attempt = useRef<{ input: string; key: string } | null>(null);
  const busy = useRef(false);
  const latest = useRef(send);
  useLayoutEffect(() => {
    latest.current = send;
  });
  const run = useCallback(async (input: Input): Promise<boolean> => {
    if (busy.current) return false;
    const text = JSON.stringify(input) ?? "";
    if (attempt.current?.input !== text) attempt.current = { input: text, key: newKey() };
    busy.current = true;
    setPending(true);
    setProblem(null);
    try {
      await latest.current(input, attempt.current.key);
      attempt.current = null;
      return true;
    } catch (error) {
      const found = asProblem(error);
      // Only an attempt whose fate is unknown keeps its key.
      if (found.status !== 0 && found.status < 500) attempt.current = null;
      setProblem(found);
      toastProblem(found);
      return false;
    } finally {
      busy.current = false;
      setPending(false);
    }
  }, []);
  return { run, pending, problem };
}
