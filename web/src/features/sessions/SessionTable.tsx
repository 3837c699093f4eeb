import { Pin } from "lucide-react";
import { Link } from "react-router";
import { useSessions } from "@/api/queries";
import { type Scope, sessionHref } from "@/api/scope";
import type { Session } from "@/api/types";
import { Badge, type BadgeTone } from "@/components/ui/Badge";
import { Button } from "@/components/ui/Button";
import { ProblemNotice } from "@/components/ui/Notice";
import { Empty, Loading } from "@/components/ui/Placeholder";
import { TimeText } from "@/components/ui/TimeText";
import { formatCost } from "@/lib/format";

/** A scope's sessions, newest first; the same for the installation and a workspace. */
export function SessionTable({ scope }: { scope: Scope }) {
  const sessions = useSessions(scope);
  if (sessions.isPending) return <Loading label="Loading the sessions" />;
  if (sessions.isError) {
    return <ProblemNotice error={sessions.error} onRetry={() => void sessions.refetch()} />;
  }
  if (sessions.data.length === 0) {
    return <Empty title="No sessions yet">Start one with “New session”.</Empty>;
  }
  return (
    <div className="grid grid-cols-1 gap-3">
      <div className="overflow-hidden rounded-2xl border border-line bg-surface">
        <table className="w-full text-left text-sm">
          <thead className="border-b border-line text-xs text-ink-soft max-sm:sr-only">
            <tr>
              <th scope="col" className="px-4 py-2 font-medium">
                Title
              </th>
              <th scope="col" className="px-2 py-2 font-medium">
                State
              </th>
              <th scope="col" className="px-2 py-2 text-right font-medium">
                Rounds
              </th>
              <th scope="col" className="px-2 py-2 text-right font-medium">
                Cost
              </th>
              <th scope="col" className="px-4 py-2 text-right font-medium">
                Updated
              </th>
            </tr>
          </thead>
          <tbody>
            {sessions.data.map((session) => (
              <SessionRow key={session.id} scope={scope} session={session} />
            ))}
          </tbody>
        </table>
      </div>
      {sessions.hasNextPage && (
        <Button
          className="justify-self-center"
          disabled={sessions.isFetchingNextPage}
          onClick={() => void sessions.fetchNextPage()}
        >
          Show older sessions
        </Button>
      )}
    </div>
  );
}

function SessionRow({ scope, session }: { scope: Scope; session: Session }) {
  return (
    <tr className="relative border-b border-line last:border-0 hover:bg-sunken max-sm:grid max-sm:grid-cols-[1fr_auto] max-sm:px-1 max-sm:py-2">
      <td className="w-full max-w-0 px-4 py-2.5 max-sm:max-w-none max-sm:min-w-0 max-sm:px-3 max-sm:py-1">
        <span className="flex min-w-0 items-center gap-2">
          {session.pinned && <Pin size={14} aria-label="Pinned" className="shrink-0 text-accent" />}
          <Link
            to={sessionHref(scope, session.id)}
            className="truncate font-medium after:absolute after:inset-0"
          >
            {session.title || "New session"}
          </Link>
          {session.tags.map((tag) => (
            <Badge key={tag}>{tag}</Badge>
          ))}
        </span>
      </td>
      <td className="px-2 py-2.5 max-sm:py-1 max-sm:text-right">
        <SessionState session={session} />
      </td>
      <td className="px-2 py-2.5 text-right tabular-nums max-sm:hidden">{session.round_count}</td>
      <td className="px-2 py-2.5 text-right whitespace-nowrap tabular-nums max-sm:hidden">
        {session.round_count === 0 ? "–" : formatCost(session.cost_usd)}
      </td>
      <td className="px-4 py-2.5 text-right whitespace-nowrap text-ink-soft max-sm:px-3 max-sm:py-0 max-sm:text-left max-sm:text-xs">
        <TimeText time={session.updated_at} />
      </td>
    </tr>
  );
}

const states: Record<Session["status"], { label: string; tone: BadgeTone }> = {
  idle: { label: "Idle", tone: "plain" },
  running: { label: "Running", tone: "good" },
  waiting: { label: "Waits for you", tone: "warn" },
  paused: { label: "Paused", tone: "info" },
};

function SessionState({ session }: { session: Session }) {
  const waits = session.open_question_count > 0;
  const state = waits ? states.waiting : (states[session.status] ?? states.idle);
  return <Badge tone={state.tone}>{state.label}</Badge>;
}
