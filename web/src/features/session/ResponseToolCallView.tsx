import {
  Ban,
  Check,
  CircleHelp,
  CircleSlash,
  Hourglass,
  LoaderCircle,
  TriangleAlert,
} from "lucide-react";
import { lazy, memo, Suspense, useState } from "react";
import type { Part, ToolCallStatus } from "@/api/types";
import { formatDuration, summarizeArguments } from "@/lib/format";
import { useSessionContext } from "./SessionContext";

const ToolCallDialog = lazy(() => import("./ToolCallDialog"));

type Shown = ToolCallStatus | "writing" | "error";

const states: Record<Shown, { label: string; icon: typeof Check; tone: string; spin?: boolean }> = {
  writing: { label: "Writing arguments", icon: LoaderCircle, tone: "text-info", spin: true },
  requested: { label: "Requested", icon: Hourglass, tone: "text-ink-soft" },
  waiting: { label: "Waiting for approval", icon: Hourglass, tone: "text-warn" },
  sent: { label: "Running", icon: LoaderCircle, tone: "text-info", spin: true },
  done: { label: "Done", icon: Check, tone: "text-accent" },
  error: { label: "Tool error", icon: TriangleAlert, tone: "text-danger" },
  failed: { label: "Failed", icon: TriangleAlert, tone: "text-danger" },
  denied: { label: "Denied", icon: Ban, tone: "text-danger" },
  cancelled: { label: "Cancelled", icon: CircleSlash, tone: "text-ink-soft" },
  unknown: { label: "Outcome unknown", icon: CircleHelp, tone: "text-warn" },
};

function shownState(part: Part, open: boolean): Shown {
  if (!part.status) return open ? "writing" : "requested";
  return part.status === "done" && part.is_error ? "error" : part.status;
}

interface ResponseToolCallViewProps {
  part: Part;
  open: boolean;
}

export const ResponseToolCallView = memo(function ResponseToolCallView({
  part,
  open,
}: ResponseToolCallViewProps) {
  const { progress } = useSessionContext();
  const [dialog, setDialog] = useState(false);
  const state = states[shownState(part, open)];
  const name = part.server && part.tool ? `${part.server}.${part.tool}` : "tool";
  const running = part.tool_call_id ? progress[part.tool_call_id] : undefined;
  const summary = part.status ? summarizeArguments(part.arguments) : (part.text ?? "").slice(-120);
  const Icon = state.icon;
  return (
    <div
      role="group"
      aria-label={`Tool call ${name}`}
      className="min-w-0 rounded-xl border border-line bg-surface text-sm"
    >
      <button
        type="button"
        aria-haspopup="dialog"
        className="flex min-h-11 w-full min-w-0 items-center gap-x-3 gap-y-0.5 rounded-xl px-3 py-2 text-left hover:bg-sunken"
        onClick={() => setDialog(true)}
      >
        <Icon
          size={16}
          aria-hidden
          className={`shrink-0 ${state.tone} ${state.spin ? "animate-spin" : ""}`}
        />
        <span className="grid min-w-0 flex-1">
          <span className="flex flex-wrap items-baseline gap-x-2">
            <span className="font-mono text-[0.8rem] font-semibold break-all">{name}</span>
            <span className={`text-xs ${state.tone}`}>{state.label}</span>
          </span>
          {summary && <span className="truncate font-mono text-xs text-ink-soft">{summary}</span>}
          {running && part.status === "sent" && <ProgressLine {...running} />}
        </span>
        {typeof part.duration_ms === "number" && (
          <span className="shrink-0 text-xs text-ink-soft tabular-nums">
            {formatDuration(part.duration_ms)}
          </span>
        )}
      </button>
      {dialog && (
        <Suspense fallback={null}>
          <ToolCallDialog
            part={part}
            name={name}
            state={state.label}
            onClose={() => setDialog(false)}
          />
        </Suspense>
      )}
    </div>
  );
});

interface ProgressLineProps {
  progress: number | null;
  total: number | null;
  message: string | null;
}

function ProgressLine({ progress, total, message }: ProgressLineProps) {
  const figure =
    progress === null ? "" : total === null ? `${progress}` : `${progress} of ${total}`;
  return (
    <span className="truncate text-xs text-ink-soft">
      {[figure, message].filter(Boolean).join(" · ")}
    </span>
  );
}
