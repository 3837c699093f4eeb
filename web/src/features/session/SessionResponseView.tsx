import { Unplug } from "lucide-react";
import { Fragment, memo } from "react";
import type { Part, Question, Round, Turn } from "@/api/types";
import { Badge } from "@/components/ui/Badge";
import { CodeText } from "@/components/ui/CodeText";
import { Notice } from "@/components/ui/Notice";
import { QuestionCard } from "./QuestionCard";
import { ResponseTextView } from "./ResponseTextView";
import { ResponseThinkingView } from "./ResponseThinkingView";
import { ResponseToolCallView } from "./ResponseToolCallView";
import { useSessionContext } from "./SessionContext";

/** The turns of an answer, their parts in stored order, the questions where they were asked. */
export const SessionResponseView = memo(function SessionResponseView({ round }: { round: Round }) {
  const { questions } = useSessionContext();
  const open = Object.values(questions).filter(
    (question) => question.status === "open" && question.round_id === round.id,
  );
  const live = round.status === "running" || round.status === "waiting";
  const { turns } = round.response;
  const placed = new Set(
    turns.flatMap((turn) => turn.parts.map((part) => part.tool_call_id)).filter(Boolean),
  );
  const elsewhere = open.filter((question) => !placed.has(question.tool_call_id));
  return (
    <section aria-label="Response" className="grid grid-cols-1 gap-3">
      {turns.map((turn) => (
        <TurnView key={turn.id} turn={turn} live={live} questions={open} />
      ))}
      {elsewhere.map((question) => (
        <QuestionCard key={question.id} question={question} />
      ))}
      {round.status === "running" && <WorkingLine turns={turns} waitingFor={round.waitingFor} />}
    </section>
  );
});

interface TurnViewProps {
  turn: Turn;
  live: boolean;
  questions: Question[];
}

function TurnView({ turn, live, questions }: TurnViewProps) {
  const streaming = live && turn.status === "streaming";
  return (
    <>
      {turn.parts.map((part, position) => {
        const last = position === turn.parts.length - 1;
        const open = streaming && (part.open ?? last);
        const question = questions.find(
          (candidate) => part.tool_call_id && candidate.tool_call_id === part.tool_call_id,
        );
        return (
          <Fragment key={part.index}>
            <PartView part={part} open={open} />
            {question && <QuestionCard question={question} />}
          </Fragment>
        );
      })}
      {turn.status === "interrupted" && (
        <div>
          <Badge tone="warn">
            <Unplug size={12} aria-hidden /> Interrupted: this turn broke off before its end
          </Badge>
        </div>
      )}
      {turn.status === "failed" && turn.error && (
        <Notice tone="warn" role="note" title={`Turn failed: ${turn.error.code}`}>
          <CodeText text={turn.error.detail} />
        </Notice>
      )}
    </>
  );
}

function PartView({ part, open }: { part: Part; open: boolean }) {
  switch (part.kind) {
    case "text":
      return <ResponseTextView text={part.text ?? ""} open={open} />;
    case "thinking":
      return <ResponseThinkingView text={part.text ?? ""} open={open} />;
    case "tool_call":
      return <ResponseToolCallView part={part} open={open} />;
    case "user_note":
      return (
        <aside
          aria-label="Note to the running round"
          className="ml-auto max-w-[80%] rounded-2xl bg-accent-tint px-4 py-2 whitespace-pre-wrap"
        >
          {part.text}
        </aside>
      );
    default:
      return null;
  }
}

/** What is happening while nothing is being written; silent for screen readers, which hear blocks. */
function WorkingLine({ turns, waitingFor = [] }: { turns: Turn[]; waitingFor?: string[] }) {
  const part = turns.at(-1)?.parts.at(-1);
  const turn = turns.at(-1);
  const writing = turn?.status === "streaming" && part?.kind === "text" && part.open !== false;
  // The part itself says "Thinking…" while it is open.
  const thinking = turn?.status === "streaming" && part?.kind === "thinking" && part.open !== false;
  if (writing || thinking) return null;
  const calling =
    part?.kind === "tool_call" && (part.status === "sent" || part.status === "requested");
  return (
    <p className="flex items-center gap-2 text-sm text-ink-soft">
      <span className="size-2 animate-pulse rounded-full bg-accent" aria-hidden />
      {calling ? "Waiting for the tool…" : explainWork(turn, waitingFor)}
    </p>
  );
}

function explainWork(turn: Turn | undefined, waitingFor: string[]): string {
  if (turn?.status !== "streaming" && waitingFor.length > 0) {
    return `Waiting for tool servers to start: ${waitingFor.join(", ")}…`;
  }
  const retrying = turn?.status === "streaming" && turn.parts.length === 0 && turn.retrying;
  if (!retrying) return "Working…";
  const { attempt, max_attempts, detail } = retrying;
  return `The model did not answer, trying again (${attempt} of ${max_attempts}): ${detail}`;
}
