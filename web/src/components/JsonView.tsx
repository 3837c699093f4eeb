import { memo, useMemo } from "react";
import { Virtuoso } from "react-virtuoso";
import { formatJson, type JsonLine, type TokenKind, tokenizeLine } from "@/lib/json/jsonLines";
import { sortKeys } from "@/lib/json/sortKeys";
import { CopyButton } from "@/lib/markdown/CodeBlock";

const colours: Record<TokenKind, string> = {
  key: "text-accent",
  string: "text-info",
  number: "text-warn",
  literal: "text-danger",
  mark: "text-ink-soft",
};

/** More lines than this are drawn only where they are in view. */
const plainLines = 400;

interface JsonViewProps {
  value: unknown;
  label: string;
}

/** Highlighted, formatted JSON in a box that scrolls by itself. */
export const JsonView = memo(function JsonView({ value, label }: JsonViewProps) {
  const { text, lines } = useMemo(() => formatJson(sortKeys(value)), [value]);
  const box = "overflow-auto rounded-lg border border-line bg-canvas font-mono text-xs leading-5";
  return (
    <section aria-label={label} className="grid grid-cols-1 gap-1.5">
      <header className="flex items-center justify-between">
        <h3 className="text-sm font-semibold">{label}</h3>
        <CopyButton text={text} label={`Copy ${label.toLowerCase()}`} />
      </header>
      {lines.length <= plainLines ? (
        <div
          className={`${box} max-h-[38dvh] p-3`}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling box must be reachable by keyboard
          tabIndex={0}
          role="group"
          aria-label={`${label} as JSON`}
        >
          {lines.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines of one immutable text
            <Line key={index} line={line} />
          ))}
        </div>
      ) : (
        <Virtuoso
          className={box}
          style={{ height: "38dvh" }}
          tabIndex={0}
          role="group"
          aria-label={`${label} as JSON`}
          totalCount={lines.length}
          increaseViewportBy={400}
          itemContent={(index) => {
            const line = lines[index];
            return line ? <Line line={line} inset /> : null;
          }}
        />
      )}
    </section>
  );
});

const Line = memo(function Line({ line, inset }: { line: JsonLine; inset?: boolean }) {
  return (
    <div className={inset ? "px-3 break-all whitespace-pre-wrap" : "break-all whitespace-pre-wrap"}>
      {tokenizeLine(line).map((token, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: tokens of one immutable line
        <span key={index} className={colours[token.kind]}>
          {token.text}
        </span>
      ))}
    </div>
  );
});
