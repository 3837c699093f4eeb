import { useQueryClient } from "@tanstack/react-query";
import { keys, useTools } from "@/api/queries";
import { type Scope, toolsTopic } from "@/api/scope";
import type { Page, ToolServer } from "@/api/types";
import { useTopic } from "@/api/useTopic";
import { ProblemNotice } from "@/components/ui/Notice";
import { Empty, Loading } from "@/components/ui/Placeholder";
import { type ServerLogLine, useWorkspaceStore } from "@/stores/workspace";
import { ServerCard } from "./ServerCard";

interface ServerListProps {
  scope: Scope;
  /** The workspace's id, which names the topic; null for the installation. */
  topicScope: string | null;
}

type StatusData = Partial<ToolServer> & { server?: string };

/** The scope's tool servers with their live state. */
export function ServerList({ scope, topicScope }: ServerListProps) {
  const servers = useTools(scope);
  const client = useQueryClient();
  const topic = toolsTopic(topicScope);
  const refresh = () => void client.invalidateQueries({ queryKey: keys.tools(scope) });
  useTopic(
    topic,
    (event) => {
      const { server, ...data } = event.data as StatusData & Partial<ServerLogLine>;
      if (!server) return;
      if (event.type === "server.log") {
        const line = { stream: data.stream ?? "", line: data.line ?? "", at: data.at ?? "" };
        useWorkspaceStore.getState().addLogLine(topic, server, line);
        return;
      }
      if (event.type === "server.status" && data.status) {
        const { status } = data;
        client.setQueryData<Page<ToolServer>>(
          keys.tools(scope),
          (page) =>
            page && {
              ...page,
              items: page.items.map((item) => (item.key === server ? { ...item, status } : item)),
            },
        );
      }
      refresh();
    },
    refresh,
  );
  if (servers.isPending) return <Loading label="Loading the tool servers" rows={2} />;
  if (servers.isError) {
    return <ProblemNotice error={servers.error} onRetry={() => void servers.refetch()} />;
  }
  if (servers.data.length === 0) {
    return (
      <Empty title="No tool servers yet">
        Add one on the command line: <code className="font-mono text-xs">mandrake tool add</code>
      </Empty>
    );
  }
  return (
    <ul className="grid grid-cols-1 gap-3">
      {servers.data.map((server) => (
        <li key={server.key} className="min-w-0">
          <ServerCard scope={scope} topic={topic} server={server} />
        </li>
      ))}
    </ul>
  );
}
