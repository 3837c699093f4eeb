import { useQueryClient } from "@tanstack/react-query";
import clsx from "clsx";
import { Folder, House, MessageSquare } from "lucide-react";
import { NavLink, useMatch } from "react-router";
import { keys, useSessions, useWorkspaces } from "@/api/queries";
import { type Scope, sessionHref } from "@/api/scope";
import type { Session, Workspace } from "@/api/types";
import { useTopic } from "@/api/useTopic";
import { Badge } from "@/components/ui/Badge";

const shownSessions = 12;

const entry = ({ isActive }: { isActive: boolean }) =>
  clsx(
    "flex min-h-11 items-center gap-2.5 rounded-lg px-3 text-sm md:min-h-9",
    isActive ? "bg-accent-tint font-medium text-accent" : "text-ink hover:bg-sunken",
  );

/** The way to every workspace, and inside the open one to its newest sessions. */
export function SideBar() {
  const workspaces = useWorkspaces();
  const current = useMatch("/workspaces/:workspace/*")?.params.workspace;
  return (
    <nav aria-label="Main" className="grid grid-cols-1 gap-1 p-3">
      <NavLink to="/" end className={entry}>
        <House size={17} aria-hidden /> Home
      </NavLink>
      <h2 className="mt-3 px-3 text-xs font-semibold text-ink-soft">Workspaces</h2>
      {workspaces.isPending && <p className="px-3 py-2 text-sm text-ink-soft">Loading…</p>}
      {workspaces.isError && (
        <p className="px-3 py-2 text-sm text-ink-soft">The workspaces could not be read.</p>
      )}
      {workspaces.data?.length === 0 && <p className="px-3 py-2 text-sm text-ink-soft">None yet</p>}
      {workspaces.data?.map((workspace) => (
        <div key={workspace.id}>
          <NavLink to={`/workspaces/${workspace.name}`} end className={entry}>
            <Folder size={17} aria-hidden className="shrink-0" />
            <span className="truncate">{workspace.name}</span>
          </NavLink>
          {(current === workspace.name || current === workspace.id) && (
            <WorkspaceSessionLinks workspace={workspace} />
          )}
        </div>
      ))}
      <h2 className="mt-3 px-3 text-xs font-semibold text-ink-soft">Mandrake sessions</h2>
      <SessionLinks scope={null} />
    </nav>
  );
}

function WorkspaceSessionLinks({ workspace }: { workspace: Workspace }) {
  const client = useQueryClient();
  const refresh = () => void client.invalidateQueries({ queryKey: keys.sessions(workspace.name) });
  useTopic(
    `workspace:${workspace.id}`,
    (event) => {
      if (event.type.startsWith("session.")) refresh();
    },
    refresh,
  );
  return <SessionLinks scope={workspace.name} />;
}

function SessionLinks({ scope }: { scope: Scope }) {
  const sessions = useSessions(scope);
  return (
    <ul className={clsx("grid grid-cols-1", scope !== null && "ml-4 border-l border-line pl-2")}>
      {sessions.data?.slice(0, shownSessions).map((session) => (
        <li key={session.id}>
          <NavLink to={sessionHref(scope, session.id)} className={entry}>
            <MessageSquare size={15} aria-hidden className="shrink-0" />
            <span className="flex-1 truncate">{session.title || "New session"}</span>
            <SessionMark session={session} />
          </NavLink>
        </li>
      ))}
      {sessions.data?.length === 0 && (
        <li className="px-3 py-2 text-sm text-ink-soft">No sessions yet</li>
      )}
    </ul>
  );
}

function SessionMark({ session }: { session: Session }) {
  if (session.open_question_count > 0) return <Badge tone="warn">Waits</Badge>;
  if (session.status !== "running") return null;
  return (
    <span role="img" aria-label="Running" className="size-2 animate-pulse rounded-full bg-accent" />
  );
}
