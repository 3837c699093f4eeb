import { memo } from "react";
import type { Round } from "@/api/types";
import { RoundFooter } from "./RoundFooter";
import { SessionRequestView } from "./SessionRequestView";
import { SessionResponseView } from "./SessionResponseView";

/** One request and the answer to it. */
export const SessionRoundView = memo(function SessionRoundView({ round }: { round: Round }) {
  return (
    <article
      aria-label="Round"
      data-round={round.id}
      className="mx-auto grid w-full grid-cols-1 max-w-3xl gap-4 px-4 py-4 sm:px-6"
    >
      <SessionRequestView round={round} />
      <SessionResponseView round={round} />
      <RoundFooter round={round} />
    </article>
  );
});
