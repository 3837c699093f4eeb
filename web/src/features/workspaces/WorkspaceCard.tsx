import { Folder, FolderGit2, FolderSymlink } from "lucide-react";
import { Link } from "react-router";
import type { Workspace } from "@/api/types";
import { Badge } from "@/components/ui/Badge";
import { TimeText } from "@/components/ui/TimeText";

export const sourceIcons = { empty: Folder, clone: FolderGit2, link: FolderSymlink };

/** One workspace: the whole card is the link to it. */
export function WorkspaceCard({ workspace }: { workspace: Workspace }) {
  const Icon = sourceIcons[workspace.source.kind] ?? Folder;
  const count = workspace.session_count;
  return (
    <article className="relative grid h-full min-w-0 content-start gap-2 rounded-2xl border border-line bg-surface p-4 transition-shadow hover:shadow-md has-focus-visible:outline-2 has-focus-visible:outline-accent">
      <h3 className="flex min-w-0 items-center gap-2 font-semibold">
        <Icon size={18} aria-hidden className="shrink-0 text-accent" />
        <Link
          to={`/workspaces/${workspace.name}`}
          className="truncate outline-none after:absolute after:inset-0 after:rounded-2xl"
        >
          {workspace.name}
        </Link>
      </h3>
      <p className="line-clamp-2 min-h-10 text-sm break-words text-ink-soft">
        {workspace.description || "No description"}
      </p>
      {workspace.problems.length > 0 && (
        <div>
          <Badge tone="danger">
            {workspace.problems.length === 1
              ? "1 problem"
              : `${workspace.problems.length} problems`}
          </Badge>
        </div>
      )}
      <dl className="grid grid-cols-2 gap-x-3 gap-y-1 text-xs text-ink-soft">
        <div>
          <dt className="inline">Created </dt>
          <dd className="inline">
            <TimeText time={workspace.created_at} />
          </dd>
        </div>
        <div>
          <dt className="inline">Updated </dt>
          <dd className="inline">
            <TimeText time={workspace.updated_at} />
          </dd>
        </div>
        <div>
          <dt className="sr-only">Sessions</dt>
          <dd>{count === 1 ? "1 session" : `${count} sessions`}</dd>
        </div>
        <div>
          <dt className="inline">Active </dt>
          <dd className="inline">
            {workspace.last_activity_at ? <TimeText time={workspace.last_activity_at} /> : "never"}
          </dd>
        </div>
      </dl>
    </article>
  );
}
