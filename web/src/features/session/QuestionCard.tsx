import type { Question } from "@/api/types";
import { Notice } from "@/components/ui/Notice";
import { ApprovalCard } from "./ApprovalCard";
import { UnknownOutcomeCard } from "./UnknownOutcomeCard";

/** The card that fits the question's kind. */
export function QuestionCard({ question }: { question: Question }) {
  switch (question.kind) {
    case "approval":
      return <ApprovalCard question={question} />;
    case "unknown_outcome":
      return <UnknownOutcomeCard question={question} />;
    default:
      return (
        <Notice tone="warn" role="note" title={`A question waits: ${question.kind}`}>
          This page cannot answer it yet. On the command line: <code>mandrake question list</code>.
        </Notice>
      );
  }
}
