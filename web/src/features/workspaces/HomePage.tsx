import { useQueryClient } from "@tanstack/react-query";
import { keys } from "@/api/queries";
import { useTopic } from "@/api/useTopic";
import { ServerList } from "@/features/servers/ServerList";
import { NewSessionButton } from "@/features/sessions/NewSessionButton";
import { SessionTable } from "@/features/sessions/SessionTable";
import { useTabTitle } from "@/lib/useTabTitle";
import { NewWorkspaceDialog } from "./NewWorkspaceDialog";
import { WorkspaceList } from "./WorkspaceList";

/** Every workspace, and what belongs to the installation itself. */
export default function HomePage() {
  useTabTitle("Workspaces");
  const client = useQueryClient();
  const refresh = () => void client.invalidateQueries({ queryKey: keys.workspaces });
  useTopic("system", refresh, refresh);
  return (
    <div className="mx-auto grid w-full grid-cols-1 max-w-5xl gap-10 p-4 sm:p-8">
      <section aria-labelledby="workspaces" className="grid grid-cols-1 gap-4">
        <header className="flex flex-wrap items-center justify-between gap-3">
          <h1 id="workspaces" className="text-2xl font-semibold tracking-tight">
            Workspaces
          </h1>
          <NewWorkspaceDialog />
        </header>
        <WorkspaceList />
      </section>
      <section aria-labelledby="mandrake-sessions" className="grid grid-cols-1 gap-4">
        <header className="flex flex-wrap items-center justify-between gap-3">
          <div>
            <h2 id="mandrake-sessions" className="text-lg font-semibold">
              Mandrake sessions
            </h2>
            <p className="text-sm text-ink-soft">They manage this installation itself.</p>
          </div>
          <NewSessionButton scope={null} />
        </header>
        <SessionTable scope={null} />
      </section>
      <section aria-labelledby="servers" className="grid grid-cols-1 gap-4">
        <h2 id="servers" className="text-lg font-semibold">
          Tool servers of the installation
        </h2>
        <ServerList scope={null} topicScope={null} />
      </section>
    </div>
  );
}
