import { ShieldQuestion } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import type { ApprovalAnswer, ApprovalSubject, Question } from "@/api/types";
import { JsonView } from "@/components/JsonView";
import { Badge } from "@/components/ui/Badge";
import { Button } from "@/components/ui/Button";
import { CodeText } from "@/components/ui/CodeText";
import { inputClass } from "@/components/ui/Field";
import { sortKeys } from "@/lib/json/sortKeys";
import { useCommand } from "@/lib/useCommand";
import { answerQuestion } from "./commands";
import { readEditedArguments } from "./editedArguments";
import { useSessionContext } from "./SessionContext";

const patienceMilliseconds = 1000;

const effectBadges = {
  read: { label: "Reads only", tone: "good" },
  idempotent: { label: "Changes things, safe to repeat", tone: "warn" },
  write: { label: "Changes things", tone: "danger" },
} as const;

/** Asks a person to allow one tool call. While it has the focus, single keys answer it. */
export function ApprovalCard({ question }: { question: Question }) {
  const subject = question.subject as ApprovalSubject;
  const name = `${subject.server}.${subject.tool}`;
  const { scope, sessionId, onAnswered } = useSessionContext();
  const asked = useMemo(() => sortKeys(subject.arguments ?? {}), [subject.arguments]);
  const original = JSON.stringify(asked, null, 2);
  const [editing, setEditing] = useState(false);
  const [text, setText] = useState(original);
  const [denying, setDenying] = useState(false);
  const [reason, setReason] = useState("");
  const card = useRef<HTMLElement>(null);
  const id = useId();
  const answer = useCommand(async (given: ApprovalAnswer, key) => {
    onAnswered(await answerQuestion(scope, sessionId, question.id, given, key));
  });
  const edited = readEditedArguments(text, asked, subject.input_schema);
  useFocusWhenFree(card);

  const allow = (remember: "once" | "session" | "always") => {
    if (editing && !edited.ok) return;
    const change = editing && edited.ok && edited.changed ? { arguments: edited.value } : {};
    void answer.run({ decision: "allow", remember, ...change });
  };
  const deny = () =>
    void answer.run({ decision: "deny", ...(reason.trim() ? { reason: reason.trim() } : {}) });

  const onKeyDown = (event: KeyboardEvent) => {
    const typing = event.target instanceof HTMLElement && event.target.matches("textarea, input");
    if (event.altKey || event.ctrlKey || event.metaKey || answer.pending) return;
    if (typing) {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      setDenying(false);
      card.current?.focus();
      return;
    }
    const act = { 1: () => allow("once"), 2: () => allow("session"), 3: () => allow("always") }[
      event.key
    ];
    if (act) act();
    else if (event.key === "4" || event.key === "d") setDenying(true);
    else if (event.key === "e") setEditing(true);
    else return;
    event.preventDefault();
  };

  const blocked = answer.pending || (editing && !edited.ok);
  const effects = effectBadges[subject.effects] ?? effectBadges.write;
  return (
    <section
      ref={card}
      tabIndex={-1}
      aria-label={`Approval for ${name}`}
      aria-describedby={`${id}-keys`}
      onKeyDown={onKeyDown}
      className="grid min-w-0 grid-cols-1 gap-3 rounded-xl border-2 border-warn/60 bg-surface p-4 outline-none focus-visible:border-warn focus-visible:ring-4 focus-visible:ring-warn/30"
    >
      <header className="flex flex-wrap items-center gap-2">
        <ShieldQuestion size={18} aria-hidden className="text-warn" />
        <h3 className="min-w-0 text-sm font-semibold">
          Allow <span className="font-mono break-all">{name}</span>?
        </h3>
        <Badge tone={effects.tone}>{effects.label}</Badge>
        {subject.network && <Badge tone="warn">Uses the network</Badge>}
      </header>
      {subject.description && (
        <p className="line-clamp-4 text-sm text-ink-soft">{subject.description}</p>
      )}
      {subject.reason && (
        <p className="text-sm">
          Asked because: <CodeText text={subject.reason} />
        </p>
      )}
      {editing ? (
        <div className="grid gap-1.5">
          <label htmlFor={`${id}-args`} className="text-sm font-semibold">
            Arguments (JSON)
          </label>
          <textarea
            id={`${id}-args`}
            value={text}
            onChange={(event) => setText(event.target.value)}
            rows={Math.min(14, text.split("\n").length + 1)}
            spellCheck={false}
            aria-invalid={!edited.ok}
            aria-describedby={edited.ok ? undefined : `${id}-problem`}
            className={`${inputClass} font-mono text-xs`}
          />
          {!edited.ok && (
            <p id={`${id}-problem`} role="alert" className="text-xs text-danger">
              {edited.problem}
            </p>
          )}
        </div>
      ) : (
        <JsonView label="Arguments" value={asked} />
      )}
      {answer.problem && (
        <p role="alert" className="text-sm text-danger">
          <CodeText text={`${answer.problem.detail} ${answer.problem.nextStep}`} />
        </p>
      )}
      {denying ? (
        <DenyForm
          id={id}
          reason={reason}
          onReason={setReason}
          pending={answer.pending}
          onDeny={deny}
          onBack={() => setDenying(false)}
        />
      ) : (
        <div className="flex flex-wrap gap-2">
          <Button variant="primary" disabled={blocked} onClick={() => allow("once")}>
            Allow once
          </Button>
          <Button disabled={blocked} onClick={() => allow("session")}>
            Allow for this session
          </Button>
          <Button
            disabled={blocked}
            onClick={() => allow("always")}
            title={`Never ask again for ${name}; undo it in the tool settings`}
          >
            Always allow
          </Button>
          <Button variant="danger" disabled={answer.pending} onClick={() => setDenying(true)}>
            Deny
          </Button>
          {!editing && (
            <Button variant="quiet" disabled={answer.pending} onClick={() => setEditing(true)}>
              Edit arguments
            </Button>
          )}
          {editing && (
            <Button
              variant="quiet"
              onClick={() => {
                setText(original);
                setEditing(false);
              }}
            >
              Discard edits
            </Button>
          )}
        </div>
      )}
      <p id={`${id}-keys`} className="text-xs text-ink-soft max-sm:sr-only">
        Keys: 1 once, 2 this session, 3 always, d deny, e edit
      </p>
    </section>
  );
}

interface DenyFormProps {
  id: string;
  reason: string;
  onReason: (reason: string) => void;
  pending: boolean;
  onDeny: () => void;
  onBack: () => void;
}

function DenyForm({ id, reason, onReason, pending, onDeny, onBack }: DenyFormProps) {
  return (
    <form
      className="grid gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        onDeny();
      }}
    >
      <label htmlFor={`${id}-reason`} className="text-sm font-medium">
        Reason for the model (optional)
      </label>
      <input
        id={`${id}-reason`}
        value={reason}
        // biome-ignore lint/a11y/noAutofocus: the person has just asked for this field
        autoFocus
        onChange={(event) => onReason(event.target.value)}
        className={inputClass}
      />
      <div className="flex flex-wrap gap-2">
        <Button variant="danger" type="submit" disabled={pending}>
          Deny
        </Button>
        <Button variant="quiet" onClick={onBack}>
          Back
        </Button>
      </div>
    </form>
  );
}

/**
 * Takes the focus so that keys work at once, but never from somebody who is typing, and never onto
 * a button, where a stray Enter would allow the call.
 */
function useFocusWhenFree(card: React.RefObject<HTMLElement | null>): void {
  useEffect(() => {
    let frame = 0;
    const until = performance.now() + patienceMilliseconds;
    const take = () => {
      const active = document.activeElement;
      const free =
        active === null ||
        active === document.body ||
        (active instanceof HTMLTextAreaElement && active.value === "");
      if (!free || document.querySelector('[role="dialog"]')) return;
      card.current?.focus({ preventScroll: true });
      // A list that is still being measured is hidden, and what is hidden takes no focus.
      const taken = document.activeElement === card.current;
      if (!taken && performance.now() < until) frame = requestAnimationFrame(take);
    };
    take();
    return () => cancelAnimationFrame(frame);
  }, [card]);
}
