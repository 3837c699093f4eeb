import { useWorkspaces } from "@/api/queries";
import { Button } from "@/components/ui/Button";
import { ProblemNotice } from "@/components/ui/Notice";
import { Empty, Loading } from "@/components/ui/Placeholder";
import { WorkspaceCard } from "./WorkspaceCard";

export function WorkspaceList() {
  const workspaces = useWorkspaces();
  if (workspaces.isPending) return <Loading label="Loading the workspaces" />;
  if (workspaces.isError) {
    return <ProblemNotice error={workspaces.error} onRetry={() => void workspaces.refetch()} />;
  }
  if (workspaces.data.length === 0) {
    return (
      <Empty title="No workspaces yet">
        A workspace is a project of its own: files, sessions and tools that reach nothing else. Make
        the first one with “New workspace”.
      </Empty>
    );
  }
  return (
    <>
      <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
        {workspaces.data.map((workspace) => (
          <li key={workspace.id} className="min-w-0">
            <WorkspaceCard workspace={workspace} />
          </li>
        ))}
      </ul>
      {workspaces.hasNextPage && (
        <Button
          className="justify-self-center"
          disabled={workspaces.isFetchingNextPage}
          onClick={() => void workspaces.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </>
  );
}
