import type { Scope } from "@/api/scope";
import { Button } from "@/components/ui/Button";
import { CodeText } from "@/components/ui/CodeText";
import { Empty } from "@/components/ui/Placeholder";
import { useCommand } from "@/lib/useCommand";
import { sendRound } from "./commands";

/** First messages that lead somewhere in the sample workspace, with a model or in rehearsal. */
const examples = [
  "list the files in src and show the git log",
  "search for `TODO` and read that file",
  "edit README.md: replace `A tiny program` with `A small program`",
];
const sampleWorkspace = "welcome";

interface EmptySessionProps {
  scope: Scope;
  sessionId: string;
}

export function EmptySession({ scope, sessionId }: EmptySessionProps) {
  const send = useCommand(async (text: string, key) => {
    await sendRound(scope, sessionId, text, null, key);
  });
  return (
    <div
      role="log"
      aria-label="Conversation"
      aria-live="off"
      className="grid min-h-0 flex-1 place-items-center overflow-auto p-6"
    >
      <Empty title="Nothing has been said yet">
        <p>Write the first message below. Tools that change things ask you before they run.</p>
        {scope === sampleWorkspace && (
          <ul aria-label="Examples" className="mt-5 grid gap-2">
            {examples.map((example) => (
              <li key={example}>
                <Button
                  className="w-full py-2"
                  disabled={send.pending}
                  onClick={() => void send.run(example)}
                >
                  <span className="min-w-0 break-words">
                    <CodeText text={example} />
                  </span>
                </Button>
              </li>
            ))}
          </ul>
        )}
      </Empty>
    </div>
  );
}
