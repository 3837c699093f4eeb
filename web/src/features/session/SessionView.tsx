import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { asProblem } from "@/api/client";
import { keys } from "@/api/queries";
import type { Scope } from "@/api/scope";
import type { Question, Session } from "@/api/types";
import { ProblemNotice } from "@/components/ui/Notice";
import { Loading } from "@/components/ui/Placeholder";
import { toastProblem } from "@/components/ui/toast";
import { useCommand } from "@/lib/useCommand";
import { useTabTitle } from "@/lib/useTabTitle";
import type { SessionStore } from "@/stores/createSessionStore";
import { Announcer } from "./Announcer";
import { Composer } from "./Composer";
import { stopRound } from "./commands";
import { EmptySession } from "./EmptySession";
import { loadingSnapshot } from "./feed";
import { RoundList } from "./RoundList";
import { isRehearsed } from "./rehearsal";
import { SessionContext } from "./SessionContext";
import { SessionHeader, sessionTitle } from "./SessionHeader";

interface SessionViewProps {
  scope: Scope;
  sessionId: string;
  /** The store that owns this kind of session. */
  useStore: SessionStore;
}

/** A session, live: the same component for the installation's sessions and a workspace's. */
export function SessionView({ scope, sessionId, useStore }: SessionViewProps) {
  const { open, reload, loadOlder, change } = useStore.getState();
  useEffect(() => open(scope, sessionId), [open, scope, sessionId]);
  const snapshot = useStore((store) => store.sessions[sessionId]) ?? loadingSnapshot;
  const { state, phase, problem, olderCursor, loadingOlder, prepended } = snapshot;
  const { session, rounds, questions, progress } = state;

  const waiting = useMemo(
    () => Object.values(questions).filter((question) => question.status === "open").length,
    [questions],
  );
  useTabTitle(phase === "ready" ? sessionTitle(session) : null, waiting);

  useFreshLists(scope, session);

  const context = useMemo(
    () => ({
      scope,
      sessionId,
      questions,
      progress,
      onAnswered: (question: Question) =>
        change(sessionId, (now) => ({
          ...now,
          questions: { ...now.questions, [question.id]: question },
        })),
      onRoundRemoved: (roundId: string) =>
        change(sessionId, (now) => ({
          ...now,
          rounds: now.rounds.filter((round) => round.id !== roundId),
        })),
    }),
    [scope, sessionId, questions, progress, change],
  );

  const active = rounds.findLast(({ status }) => status === "running" || status === "waiting");
  const { stop, stopping } = useStop(scope, sessionId, active?.id ?? null);
  const onRenamed = useCallback(
    (renamed: Session) => change(sessionId, (now) => ({ ...now, session: renamed })),
    [change, sessionId],
  );
  const onLoadOlder = useCallback(() => {
    loadOlder(sessionId).catch(toastProblem);
  }, [loadOlder, sessionId]);

  const metered = rounds.some((round) => round.response.turns.length > 0 && !isRehearsed(round));

  if (phase === "failed") {
    return (
      <div className="mx-auto w-full max-w-2xl p-6">
        <ProblemNotice error={problem ?? asProblem(null)} onRetry={() => reload(sessionId)} />
      </div>
    );
  }
  if (phase === "loading" || !session) {
    return (
      <div className="mx-auto w-full max-w-3xl p-6">
        <Loading label="Loading the session" rows={4} />
      </div>
    );
  }
  return (
    <SessionContext value={context}>
      <div className="flex h-full min-h-0 flex-col">
        <SessionHeader scope={scope} session={session} metered={metered} onRenamed={onRenamed} />
        {rounds.length === 0 ? (
          <EmptySession scope={scope} sessionId={sessionId} />
        ) : (
          <RoundList
            key={sessionId}
            rounds={rounds}
            prepended={prepended}
            hasOlder={olderCursor !== null}
            loadingOlder={loadingOlder}
            onLoadOlder={onLoadOlder}
          />
        )}
        <Announcer key={`told-${sessionId}`} rounds={rounds} questions={questions} />
        <Composer
          scope={scope}
          sessionId={sessionId}
          running={active !== undefined}
          stopping={stopping}
          onStop={stop}
        />
      </div>
    </SessionContext>
  );
}

/** What lists show of this session follows what its page knows. */
function useFreshLists(scope: Scope, session: Session | null): void {
  const client = useQueryClient();
  const shown = session && [session.title, session.status, session.open_question_count].join("\n");
  const previous = useRef(shown);
  useEffect(() => {
    if (previous.current !== shown && previous.current !== null) {
      void client.invalidateQueries({ queryKey: keys.sessions(scope) });
    }
    previous.current = shown;
  }, [client, scope, shown]);
}

/** Stop is a command to the server; Esc sends it too, unless something else is open that Esc closes. */
function useStop(scope: Scope, sessionId: string, roundId: string | null) {
  const [asked, setAsked] = useState<string | null>(null);
  const command = useCommand((id: string) => stopRound(scope, sessionId, id));
  const { run } = command;
  const stop = useCallback(() => {
    if (roundId === null) return;
    setAsked(roundId);
    void run(roundId).then((accepted) => !accepted && setAsked(null));
  }, [roundId, run]);
  useEffect(() => {
    if (roundId === null) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
      if (document.querySelector('[role="dialog"], [role="menu"]')) return;
      stop();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [roundId, stop]);
  return { stop, stopping: asked !== null && asked === roundId };
}
