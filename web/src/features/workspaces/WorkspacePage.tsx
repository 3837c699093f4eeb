import { useQueryClient } from "@tanstack/react-query";
import { useParams } from "react-router";
import { keys, useWorkspace } from "@/api/queries";
import type { Workspace } from "@/api/types";
import { useTopic } from "@/api/useTopic";
import { Notice, ProblemNotice } from "@/components/ui/Notice";
import { Loading } from "@/components/ui/Placeholder";
import { TimeText } from "@/components/ui/TimeText";
import { ServerList } from "@/features/servers/ServerList";
import { NewSessionButton } from "@/features/sessions/NewSessionButton";
import { SessionTable } from "@/features/sessions/SessionTable";
import { useTabTitle } from "@/lib/useTabTitle";
import { sourceIcons } from "./WorkspaceCard";

/** One workspace: its sessions, newest first, and its tool servers. */
export default function WorkspacePage() {
  const { workspace: name = "" } = useParams();
  const workspace = useWorkspace(name);
  const client = useQueryClient();
  useTabTitle(name);
  const refresh = () => {
    void client.invalidateQueries({ queryKey: keys.sessions(name) });
    void client.invalidateQueries({ queryKey: keys.workspace(name) });
  };
  const id = workspace.data?.id ?? null;
  useTopic(
    id && `workspace:${id}`,
    (event) => {
      if (event.type.startsWith("session.")) refresh();
    },
    refresh,
  );
  if (workspace.isPending) {
    return (
      <div className="mx-auto max-w-5xl p-4 sm:p-8">
        <Loading label="Loading the workspace" />
      </div>
    );
  }
  if (workspace.isError) {
    return (
      <div className="mx-auto max-w-2xl p-4 sm:p-8">
        <ProblemNotice error={workspace.error} onRetry={() => void workspace.refetch()} />
      </div>
    );
  }
  return (
    <div className="mx-auto grid w-full grid-cols-1 max-w-5xl gap-8 p-4 sm:p-8">
      <WorkspaceHeader workspace={workspace.data} />
      {workspace.data.problems.map((problem) => (
        <Notice key={problem.code + problem.detail} tone="danger" role="note" title={problem.code}>
          {problem.detail}
        </Notice>
      ))}
      <section aria-labelledby="sessions" className="grid grid-cols-1 gap-4">
        <header className="flex flex-wrap items-center justify-between gap-3">
          <h2 id="sessions" className="text-lg font-semibold">
            Sessions
          </h2>
          <NewSessionButton scope={name} />
        </header>
        <SessionTable scope={name} />
      </section>
      <section aria-labelledby="servers" className="grid grid-cols-1 gap-4">
        <h2 id="servers" className="text-lg font-semibold">
          Tool servers
        </h2>
        <ServerList scope={name} topicScope={workspace.data.id} />
      </section>
    </div>
  );
}

function WorkspaceHeader({ workspace }: { workspace: Workspace }) {
  const { source } = workspace;
  const Icon = sourceIcons[source.kind];
  return (
    <header className="grid gap-1.5">
      <h1 className="text-2xl font-semibold tracking-tight break-words">{workspace.name}</h1>
      {workspace.description && <p className="text-ink-soft">{workspace.description}</p>}
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-ink-soft">
        <span className="inline-flex min-w-0 items-center gap-1.5">
          {Icon && <Icon size={15} aria-hidden className="shrink-0" />}
          <span className="font-mono text-xs break-all">
            {source.kind === "clone" && source.url ? source.url : source.path}
          </span>
        </span>
        <span>
          Created <TimeText time={workspace.created_at} />
        </span>
      </p>
    </header>
  );
}
