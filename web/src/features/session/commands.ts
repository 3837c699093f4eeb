// The commands a session's page sends. Each is safe to repeat with the same key.

import { patch, post, remove } from "@/api/client";
import { type Scope, sessionPath } from "@/api/scope";
import type { ApprovalAnswer, Question, Session, UnknownOutcomeAnswer } from "@/api/types";

export interface SentRound {
  round_id: string;
}

export const sendRound = (
  scope: Scope,
  sessionId: string,
  text: string,
  model: string | null,
  key: string,
): Promise<SentRound> =>
  post(
    `${sessionPath(scope, sessionId)}/rounds`,
    { content: text, mode: "queue", ...(model === null ? {} : { model }) },
    key,
  );

const roundPath = (scope: Scope, sessionId: string, roundId: string) =>
  `${sessionPath(scope, sessionId)}/rounds/${encodeURIComponent(roundId)}`;

export const stopRound = (scope: Scope, sessionId: string, roundId: string): Promise<unknown> =>
  post(`${roundPath(scope, sessionId, roundId)}/stop`);

export const continueRound = (scope: Scope, sessionId: string, roundId: string): Promise<unknown> =>
  post(`${roundPath(scope, sessionId, roundId)}/continue`);

export const removeQueuedRound = (
  scope: Scope,
  sessionId: string,
  roundId: string,
): Promise<void> => remove(roundPath(scope, sessionId, roundId));

export const answerQuestion = (
  scope: Scope,
  sessionId: string,
  questionId: string,
  answer: ApprovalAnswer | UnknownOutcomeAnswer,
  key: string,
): Promise<Question> =>
  post(`${sessionPath(scope, sessionId)}/questions/${encodeURIComponent(questionId)}`, answer, key);

export const renameSession = (scope: Scope, sessionId: string, title: string): Promise<Session> =>
  patch(sessionPath(scope, sessionId), { title });
