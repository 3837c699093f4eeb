import { Clock3, X } from "lucide-react";
import type { Round } from "@/api/types";
import { Badge } from "@/components/ui/Badge";
import { Button } from "@/components/ui/Button";
import { useCommand } from "@/lib/useCommand";
import { removeQueuedRound } from "./commands";
import { useSessionContext } from "./SessionContext";

/** What the user asked. A queued request may still be taken back. */
export function SessionRequestView({ round }: { round: Round }) {
  return (
    <div className="grid justify-items-end gap-1.5">
      <section
        aria-label="Request"
        className="max-w-[90%] rounded-2xl rounded-br-md bg-accent-tint px-4 py-2.5 text-ink sm:max-w-[80%]"
      >
        {round.request.content.map((item, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a request never changes
          <p key={index} className="break-words whitespace-pre-wrap">
            {item.type === "text" ? item.text : `[${item.type}]`}
          </p>
        ))}
      </section>
      {round.status === "queued" && <QueuedLine roundId={round.id} />}
    </div>
  );
}

function QueuedLine({ roundId }: { roundId: string }) {
  const { scope, sessionId, onRoundRemoved } = useSessionContext();
  const take = useCommand(async () => {
    await removeQueuedRound(scope, sessionId, roundId);
    onRoundRemoved(roundId);
  });
  return (
    <div className="flex items-center gap-1">
      <Badge tone="info">
        <Clock3 size={12} aria-hidden /> Queued
      </Badge>
      <Button
        variant="quiet"
        icon
        aria-label="Remove queued message"
        title="Remove queued message"
        disabled={take.pending}
        onClick={() => void take.run(null)}
      >
        <X size={16} aria-hidden />
      </Button>
    </div>
  );
}
