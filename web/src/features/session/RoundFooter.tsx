import { CircleStop, Play, RotateCcw } from "lucide-react";
import type { PauseReason, Round } from "@/api/types";
import { Badge } from "@/components/ui/Badge";
import { Button } from "@/components/ui/Button";
import { CodeText } from "@/components/ui/CodeText";
import { Notice } from "@/components/ui/Notice";
import { describeUsage, sumUsage } from "@/lib/format";
import { useCommand } from "@/lib/useCommand";
import { continueRound } from "./commands";
import { isRehearsed } from "./rehearsal";
import { useSessionContext } from "./SessionContext";

/** How the round ended, what it used, and the way on. */
export function RoundFooter({ round }: { round: Round }) {
  const { scope, sessionId } = useSessionContext();
  const again = useCommand(() => continueRound(scope, sessionId, round.id));
  const onward = (label: string, Icon: typeof Play) => (
    <Button disabled={again.pending} onClick={() => void again.run(null)}>
      <Icon size={16} aria-hidden /> {label}
    </Button>
  );
  return (
    <>
      {round.status === "paused" && (
        <Notice tone="info" role="note" title="Paused" actions={onward("Continue", Play)}>
          {explainPause(round.pause_reason)}
        </Notice>
      )}
      {round.status === "failed" && (
        <Notice
          tone="danger"
          role="alert"
          title={`This round failed: ${round.error?.code ?? "internal"}`}
          actions={onward("Retry", RotateCcw)}
        >
          <CodeText text={round.error?.detail ?? ""} />
        </Notice>
      )}
      <RoundUsage round={round} />
    </>
  );
}

const pauses: Record<PauseReason, string> = {
  crash_loop: "Mandrake stopped twice while working on this round, so it was not started again.",
  stale: "Mandrake was away for a while. Continue when the answer is still wanted.",
  limit_turns: "The round used all the turns it was given.",
  limit_tokens: "The round used all the tokens it was given.",
  limit_time: "The round used all the time it was given.",
};

function explainPause(reason: PauseReason | null | undefined): string {
  if (!reason) return "This round waits to be continued.";
  // A newer server may know more reasons.
  return pauses[reason] ?? `Reason: ${String(reason).replaceAll("_", " ")}.`;
}

function RoundUsage({ round }: { round: Round }) {
  const over = !["queued", "running", "waiting"].includes(round.status);
  if (!over || round.response.turns.length === 0) {
    return round.status === "stopped" ? <StoppedBadge /> : null;
  }
  const usages = round.usage ? [round.usage] : round.response.turns.map((turn) => turn.usage);
  const model = round.response.turns.at(-1)?.model;
  const figures = isRehearsed(round)
    ? []
    : describeUsage(
        sumUsage(usages, "input_tokens"),
        sumUsage(usages, "output_tokens"),
        round.cost_usd,
      );
  return (
    <footer className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-ink-soft tabular-nums">
      {round.status === "stopped" && <StoppedBadge />}
      {model && <span>{model}</span>}
      {figures.map((figure) => (
        <span key={figure}>{figure}</span>
      ))}
    </footer>
  );
}

const StoppedBadge = () => (
  <div>
    <Badge tone="warn">
      <CircleStop size={12} aria-hidden /> Stopped
    </Badge>
  </div>
);
