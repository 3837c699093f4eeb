import { CircleHelp } from "lucide-react";
import type { Question, UnknownOutcomeAnswer, UnknownOutcomeSubject } from "@/api/types";
import { JsonView } from "@/components/JsonView";
import { Button } from "@/components/ui/Button";
import { CodeText } from "@/components/ui/CodeText";
import { TimeText } from "@/components/ui/TimeText";
import { useCommand } from "@/lib/useCommand";
import { answerQuestion } from "./commands";
import { useSessionContext } from "./SessionContext";

/** A call was sent and its answer lost: only a person can say whether to run it again. */
export function UnknownOutcomeCard({ question }: { question: Question }) {
  const subject = question.subject as UnknownOutcomeSubject;
  const name = `${subject.server}.${subject.tool}`;
  const { scope, sessionId, onAnswered } = useSessionContext();
  const answer = useCommand(async (given: UnknownOutcomeAnswer, key) => {
    onAnswered(await answerQuestion(scope, sessionId, question.id, given, key));
  });
  return (
    <section
      aria-label={`Unknown outcome of ${name}`}
      className="grid min-w-0 grid-cols-1 gap-3 rounded-xl border-2 border-warn/60 bg-surface p-4"
    >
      <h3 className="flex items-center gap-2 text-sm font-semibold">
        <CircleHelp size={18} aria-hidden className="text-warn" />
        Did <span className="font-mono break-all">{name}</span> happen?
      </h3>
      <p className="text-sm">
        The call was sent{subject.sent_at && <> </>}
        {subject.sent_at && <TimeText time={subject.sent_at} />}, but its answer never arrived. It
        may have done its work. Retrying runs it a second time.
      </p>
      <JsonView label="Arguments" value={subject.arguments ?? {}} />
      {answer.problem && (
        <p role="alert" className="text-sm text-danger">
          <CodeText text={`${answer.problem.detail} ${answer.problem.nextStep}`} />
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <Button
          variant="primary"
          disabled={answer.pending}
          onClick={() => void answer.run({ decision: "report" })}
        >
          Tell the model
        </Button>
        <Button disabled={answer.pending} onClick={() => void answer.run({ decision: "retry" })}>
          Retry
        </Button>
      </div>
    </section>
  );
}
