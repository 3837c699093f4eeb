import { useQueryClient } from "@tanstack/react-query";
import { Play, RotateCw, ShieldAlert, ShieldCheck, Square } from "lucide-react";
import { useShallow } from "zustand/react/shallow";
import { post } from "@/api/client";
import { keys } from "@/api/queries";
import { type Scope, scopePath } from "@/api/scope";
import type { ServerStatus, ToolServer } from "@/api/types";
import { Badge, type BadgeTone } from "@/components/ui/Badge";
import { Button } from "@/components/ui/Button";
import { formatUptime } from "@/lib/format";
import { useCommand } from "@/lib/useCommand";
import { logKey, useWorkspaceStore } from "@/stores/workspace";
import { ReviewPanel } from "./ReviewPanel";

const statuses: Record<ServerStatus, { label: string; tone: BadgeTone }> = {
  stopped: { label: "Stopped", tone: "plain" },
  starting: { label: "Starting", tone: "info" },
  ready: { label: "Ready", tone: "good" },
  degraded: { label: "Degraded", tone: "warn" },
  needs_auth: { label: "Needs sign-in", tone: "warn" },
  needs_review: { label: "Needs review", tone: "warn" },
  failed: { label: "Failed", tone: "danger" },
  stopping: { label: "Stopping", tone: "info" },
  disabled: { label: "Disabled", tone: "plain" },
};

const shownLogLines = 8;

interface ServerCardProps {
  scope: Scope;
  topic: string;
  server: ToolServer;
}

type Act = "start" | "stop" | "restart";

export function ServerCard({ scope, topic, server }: ServerCardProps) {
  const client = useQueryClient();
  const path = `${scopePath(scope)}/tools/${encodeURIComponent(server.key)}`;
  const command = useCommand(async (act: Act, key) => {
    try {
      await post(`${path}/${act}`, undefined, key);
    } finally {
      await client.invalidateQueries({ queryKey: keys.tools(scope) });
    }
  });
  const act = (name: Act) => ({ disabled: command.pending, onClick: () => void command.run(name) });
  const status = statuses[server.status] ?? { label: server.status, tone: "plain" };
  const up = ["ready", "degraded", "starting"].includes(server.status);
  const startable = ["stopped", "failed", "needs_auth"].includes(server.status);
  return (
    <article
      aria-label={`Tool server ${server.key}`}
      className="grid min-w-0 grid-cols-1 gap-3 rounded-2xl border border-line bg-surface p-4"
    >
      <header className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h3 className="font-mono text-sm font-semibold break-all">{server.key}</h3>
        <Badge tone={status.tone}>{status.label}</Badge>
        {server.box && (
          <Badge wraps tone={server.box.isolated ? "plain" : "warn"}>
            {server.box.isolated ? (
              <ShieldCheck size={12} aria-hidden className="shrink-0" />
            ) : (
              <ShieldAlert size={12} aria-hidden className="shrink-0" />
            )}
            {server.box.label}
          </Badge>
        )}
        {server.shipped && <Badge>Shipped</Badge>}
        <span className="flex-1" />
        <div className="flex gap-2">
          {startable && (
            <Button aria-label={`Start ${server.key}`} {...act("start")}>
              <Play size={15} aria-hidden /> Start
            </Button>
          )}
          {up && (
            <>
              <Button aria-label={`Restart ${server.key}`} {...act("restart")}>
                <RotateCw size={15} aria-hidden /> Restart
              </Button>
              <Button aria-label={`Stop ${server.key}`} {...act("stop")}>
                <Square size={14} aria-hidden /> Stop
              </Button>
            </>
          )}
        </div>
      </header>
      <ServerFigures server={server} />
      {server.last_error && (
        <p className="rounded-lg bg-danger-tint px-3 py-2 font-mono text-xs break-words whitespace-pre-wrap text-danger">
          {server.last_error}
        </p>
      )}
      {server.review && <ReviewPanel scope={scope} server={server} review={server.review} />}
      <ServerLog topic={topic} server={server.key} />
    </article>
  );
}

function ServerFigures({ server }: { server: ToolServer }) {
  const figures = [
    server.tool_count !== null &&
      (server.tool_count === 1 ? "1 tool" : `${server.tool_count} tools`),
    server.uptime_seconds !== null && formatUptime(server.uptime_seconds),
    server.pid !== null && `pid ${server.pid}`,
    server.restart_count > 0 &&
      (server.restart_count === 1 ? "1 restart" : `${server.restart_count} restarts`),
    server.protocol_version && `MCP ${server.protocol_version}`,
  ].filter((figure) => typeof figure === "string");
  if (figures.length === 0) return null;
  return <p className="text-xs text-ink-soft tabular-nums">{figures.join(" · ")}</p>;
}

function ServerLog({ topic, server }: { topic: string; server: string }) {
  const lines = useWorkspaceStore(
    useShallow((state) => (state.logs[logKey(topic, server)] ?? []).slice(-shownLogLines)),
  );
  if (lines.length === 0) return null;
  return (
    <details className="text-xs">
      <summary className="min-h-11 cursor-pointer py-3 text-ink-soft sm:min-h-0 sm:py-1">
        Newest log lines
      </summary>
      <pre className="mt-1 overflow-x-auto rounded-lg bg-sunken p-3 font-mono">
        {lines.map((line) => line.line).join("\n")}
      </pre>
    </details>
  );
}
