import { ArrowUp, Square } from "lucide-react";
import {
  type KeyboardEvent,
  memo,
  useCallback,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import type { Scope } from "@/api/scope";
import { Button } from "@/components/ui/Button";
import { CodeText } from "@/components/ui/CodeText";
import { useCommand } from "@/lib/useCommand";
import { readDraft, writeDraft } from "@/stores/drafts";
import { sendRound } from "./commands";
import { ModelSelect, useChosenModel } from "./ModelSelect";

interface ComposerProps {
  scope: Scope;
  sessionId: string;
  running: boolean;
  stopping: boolean;
  onStop: () => void;
}

const draftDelayMilliseconds = 250;

/** The message box. What is typed stays until the server has accepted it. */
export const Composer = memo(function Composer(props: ComposerProps) {
  const { scope, sessionId, running, stopping, onStop } = props;
  const [text, setText] = useDraft(sessionId);
  const [model, setModel] = useChosenModel(sessionId);
  const box = useRef<HTMLTextAreaElement>(null);
  const send = useCommand(async (input: { text: string; model: string | null }, key) => {
    await sendRound(scope, sessionId, input.text, input.model, key);
  });
  // Enter pressed while the message before still travels: that one is sent right after it.
  const sendNext = useRef(false);
  const [resends, setResends] = useState(0);
  useGrowing(box, text);

  const empty = text.trim() === "";
  const submit = async () => {
    if (empty) return;
    if (send.pending) {
      sendNext.current = true;
      return;
    }
    const sent = text;
    if (await send.run({ text: sent, model })) {
      // Whatever was typed while the request travelled stays in the box.
      setText((now) => (now === sent ? "" : now.startsWith(sent) ? now.slice(sent.length) : now));
    }
    const { activeElement, body } = document;
    // A card that asks something may have taken the focus in the meantime.
    if (activeElement === body || box.current?.form?.contains(activeElement)) box.current?.focus();
    if (sendNext.current) setResends((count) => count + 1);
    sendNext.current = false;
  };
  const submitNext = useEffectEvent(submit);
  useEffect(() => {
    if (resends > 0) void submitNext();
  }, [resends]);
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes, Enter belongs to it. Safari reports the key as 229.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      void submit();
    }
  };

  const showStop = running && empty;
  return (
    <form
      aria-label="New message"
      className="mx-auto w-full max-w-3xl px-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] sm:px-6"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <div className="rounded-2xl border border-line-strong bg-surface shadow-sm focus-within:border-accent focus-within:ring-1 focus-within:ring-accent">
        <textarea
          ref={box}
          aria-label="Message"
          placeholder={running ? "Type the next message" : "Ask anything"}
          rows={1}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
          className="block max-h-[40dvh] min-h-12 w-full resize-none bg-transparent px-4 pt-3 pb-1 text-base text-ink outline-none placeholder:text-ink-soft sm:text-[0.95rem]"
        />
        <div className="flex items-center gap-2 px-2 pb-2">
          <ModelSelect scope={scope} chosen={model} onChoose={setModel} />
          <span className="flex-1" />
          {running && !empty && (
            <Button variant="outline" icon aria-label="Stop" disabled={stopping} onClick={onStop}>
              <Square size={15} aria-hidden className="fill-current" />
            </Button>
          )}
          {showStop ? (
            <Button variant="primary" icon aria-label="Stop" disabled={stopping} onClick={onStop}>
              <Square size={15} aria-hidden className="fill-current" />
            </Button>
          ) : (
            <Button
              variant="primary"
              icon
              type="submit"
              aria-label="Send"
              disabled={empty || send.pending}
            >
              <ArrowUp size={18} aria-hidden />
            </Button>
          )}
        </div>
      </div>
      {send.problem && (
        <p role="alert" className="px-2 pt-1.5 text-sm text-danger">
          Not sent: <CodeText text={`${send.problem.detail} ${send.problem.nextStep}`} />
        </p>
      )}
    </form>
  );
});

/** Text that is kept per session in this browser; written a moment after the last key. */
function useDraft(sessionId: string) {
  const [draft, setDraft] = useState(() => ({ sessionId, text: readDraft(sessionId) }));
  const current = draft.sessionId === sessionId ? draft : { sessionId, text: readDraft(sessionId) };
  if (current !== draft) setDraft(current);
  const { text } = current;
  const latest = useRef(current);
  useEffect(() => {
    latest.current = { sessionId, text };
    const save = () => writeDraft(sessionId, text);
    if (text === "") {
      save();
      return;
    }
    const timer = setTimeout(save, draftDelayMilliseconds);
    return () => clearTimeout(timer);
  }, [sessionId, text]);
  useEffect(() => {
    const save = () => writeDraft(sessionId, latest.current.text);
    window.addEventListener("pagehide", save);
    return () => {
      window.removeEventListener("pagehide", save);
      save();
    };
  }, [sessionId]);
  const setText = useCallback(
    (next: string | ((text: string) => string)) =>
      setDraft((now) => ({
        sessionId: now.sessionId,
        text: typeof next === "string" ? next : next(now.text),
      })),
    [],
  );
  return [text, setText] as const;
}

/** The box is as high as its text, up to the limit its style sets. */
function useGrowing(box: React.RefObject<HTMLTextAreaElement | null>, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text decides the height
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
  }, [box, text]);
}
