import { Brain, ChevronRight } from "lucide-react";
import { useState } from "react";
import { ResponseTextView } from "./ResponseTextView";

interface ResponseThinkingViewProps {
  text: string;
  open: boolean;
}

/** Collapsed until asked for; its text is only rendered then. */
export function ResponseThinkingView({ text, open }: ResponseThinkingViewProps) {
  const [shown, setShown] = useState(false);
  return (
    <details
      className="group min-w-0 text-sm text-ink-soft"
      onToggle={(event) => setShown(event.currentTarget.open)}
    >
      <summary className="inline-flex min-h-11 cursor-pointer list-none items-center gap-2 rounded-lg px-2 hover:bg-sunken sm:min-h-8">
        <Brain size={15} aria-hidden />
        {open ? "Thinking…" : "Thinking"}
        <ChevronRight size={15} aria-hidden className="transition-transform group-open:rotate-90" />
      </summary>
      {shown && (
        <div className="mt-1 ml-2 border-l-2 border-line pl-4">
          <ResponseTextView text={text} open={open} />
        </div>
      )}
    </details>
  );
}
