import { Check, Pencil, X } from "lucide-react";
import { memo, useState } from "react";
import type { Scope } from "@/api/scope";
import type { Session } from "@/api/types";
import { Button } from "@/components/ui/Button";
import { inputClass } from "@/components/ui/Field";
import { describeUsage } from "@/lib/format";
import { useCommand } from "@/lib/useCommand";
import { renameSession } from "./commands";

export const sessionTitle = (session: Session | null): string => session?.title || "New session";

interface SessionHeaderProps {
  scope: Scope;
  session: Session;
  /** Something that may have used tokens or money took part. */
  metered: boolean;
  onRenamed: (session: Session) => void;
}

/** Title, renamed in place, and what the session has used so far. */
export const SessionHeader = memo(function SessionHeader(props: SessionHeaderProps) {
  const { scope, session, metered, onRenamed } = props;
  const [renaming, setRenaming] = useState(false);
  return (
    <header className="flex min-h-14 items-center gap-3 border-b border-line px-4 sm:px-6">
      {renaming ? (
        <RenameForm
          scope={scope}
          session={session}
          onDone={(renamed) => {
            if (renamed) onRenamed(renamed);
            setRenaming(false);
          }}
        />
      ) : (
        <>
          <h1 className="min-w-0 truncate text-base font-semibold" title={sessionTitle(session)}>
            {sessionTitle(session)}
          </h1>
          <Button
            variant="quiet"
            icon
            aria-label="Rename session"
            title="Rename session"
            onClick={() => setRenaming(true)}
          >
            <Pencil size={15} aria-hidden />
          </Button>
        </>
      )}
      <span className="flex-1" />
      {metered && !renaming && (
        <p className="hidden shrink-0 text-xs text-ink-soft tabular-nums md:block">
          {describeUsage(
            session.usage?.input_tokens,
            session.usage?.output_tokens,
            session.cost_usd,
          ).join(" · ")}
        </p>
      )}
    </header>
  );
});

interface RenameFormProps {
  scope: Scope;
  session: Session;
  onDone: (renamed: Session | null) => void;
}

function RenameForm({ scope, session, onDone }: RenameFormProps) {
  const [title, setTitle] = useState(session.title ?? "");
  const rename = useCommand(async (next: string) => {
    onDone(await renameSession(scope, session.id, next));
  });
  const submit = () => {
    const next = title.trim();
    if (next === "" || next === session.title) onDone(null);
    else void rename.run(next);
  };
  return (
    <form
      className="flex w-full max-w-lg items-center gap-1"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <input
        aria-label="Session title"
        value={title}
        maxLength={200}
        // biome-ignore lint/a11y/noAutofocus: the person has just asked to type here
        autoFocus
        onFocus={(event) => event.target.select()}
        onChange={(event) => setTitle(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          onDone(null);
        }}
        className={inputClass}
      />
      <Button variant="quiet" icon type="submit" aria-label="Save title" disabled={rename.pending}>
        <Check size={17} aria-hidden />
      </Button>
      <Button variant="quiet" icon aria-label="Cancel" onClick={() => onDone(null)}>
        <X size={17} aria-hidden />
      </Button>
    </form>
  );
}
