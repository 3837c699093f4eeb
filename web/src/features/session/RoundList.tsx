import { ArrowDown } from "lucide-react";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { Virtuoso, type VirtuosoHandle } from "react-virtuoso";
import type { Round } from "@/api/types";
import { Button } from "@/components/ui/Button";
import { SessionRoundView } from "./SessionRoundView";
import { useSticking } from "./useSticking";

/** Where the numbering of the first loaded rounds begins; older ones count down from it. */
const firstIndex = 1_000_000;

interface RoundListProps {
  rounds: Round[];
  prepended: number;
  hasOlder: boolean;
  loadingOlder: boolean;
  onLoadOlder: () => void;
}

/** The conversation: only rounds in view are drawn, and the newest stays in view while it grows. */
export function RoundList(props: RoundListProps) {
  const { rounds, prepended, hasOlder, loadingOlder, onLoadOlder } = props;
  const list = useRef<VirtuosoHandle>(null);
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  const { sticking, stick, userScrolled } = useSticking(scroller);
  const attach = useCallback(
    (element: HTMLElement | Window | null) =>
      setScroller(element instanceof HTMLElement ? element : null),
    [],
  );
  const toBottom = useCallback(() => {
    if (scroller) scroller.scrollTop = scroller.scrollHeight;
  }, [scroller]);

  const newest = rounds.at(-1)?.id;
  const previousNewest = useRef(newest);
  useLayoutEffect(() => {
    if (previousNewest.current === newest) return;
    previousNewest.current = newest;
    stick();
    list.current?.scrollToIndex({ index: "LAST", align: "end" });
  }, [newest, stick]);

  // The end stays in view also when the box below it grows or the window changes.
  useEffect(() => {
    if (!sticking || !scroller) return;
    toBottom();
    const observer = new ResizeObserver(toBottom);
    observer.observe(scroller);
    return () => observer.disconnect();
  }, [sticking, scroller, toBottom]);

  const context = { hasOlder, loadingOlder };
  return (
    <div className="relative min-h-0 flex-1">
      <div role="log" aria-label="Conversation" aria-live="off" className="h-full">
        <Virtuoso
          ref={list}
          scrollerRef={attach}
          className="h-full"
          data={rounds}
          context={context}
          firstItemIndex={firstIndex - prepended}
          // A single round is drawn at once: the list hides itself until it has scrolled to its
          // first place, and a first message that fits the view would wait 0.8 s for that.
          initialTopMostItemIndex={rounds.length > 1 ? { index: "LAST", align: "end" } : 0}
          increaseViewportBy={{ top: 800, bottom: 400 }}
          computeItemKey={(_, round) => round.id}
          itemContent={(_, round) => <SessionRoundView round={round} />}
          startReached={() => {
            if (hasOlder && userScrolled()) onLoadOlder();
          }}
          totalListHeightChanged={() => {
            if (sticking) toBottom();
          }}
          components={{ Header: ListHeader, Footer: ListFooter }}
        />
      </div>
      {!sticking && (
        <div className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center">
          <Button
            className="pointer-events-auto rounded-full shadow-md"
            onClick={() => {
              stick();
              list.current?.scrollToIndex({ index: "LAST", align: "end" });
            }}
          >
            <ArrowDown size={16} aria-hidden /> Jump to latest
          </Button>
        </div>
      )}
    </div>
  );
}

interface ListContext {
  hasOlder: boolean;
  loadingOlder: boolean;
}

function ListHeader({ context }: { context?: ListContext }) {
  const text = context?.loadingOlder ? "Loading older rounds…" : context?.hasOlder ? "" : null;
  return <p className="h-10 pt-3 text-center text-xs text-ink-soft">{text}</p>;
}

const ListFooter = () => <div className="h-6" />;
