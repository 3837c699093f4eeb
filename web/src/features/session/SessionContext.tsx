// What the parts deep inside a round need to know of their session, without passing it through
// every component between.

import { createContext, useContext } from "react";
import type { ToolProgress } from "@/api/events";
import type { Scope } from "@/api/scope";
import type { Question } from "@/api/types";

export interface SessionContextValue {
  scope: Scope;
  sessionId: string;
  questions: Record<string, Question>;
  progress: Record<string, ToolProgress>;
  /** Puts an answered question in place ahead of its event. */
  onAnswered: (question: Question) => void;
  onRoundRemoved: (roundId: string) => void;
}

export const SessionContext = createContext<SessionContextValue>({
  scope: null,
  sessionId: "",
  questions: {},
  progress: {},
  onAnswered: () => {},
  onRoundRemoved: () => {},
});

export const useSessionContext = (): SessionContextValue => useContext(SessionContext);
