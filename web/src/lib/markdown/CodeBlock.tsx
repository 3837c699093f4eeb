import { Check, Copy } from "lucide-react";
import { memo, type ReactNode, useEffect, useState } from "react";
import { copyText } from "@/lib/clipboard";
import { highlight } from "./highlight";

interface CodeBlockProps {
  source: string;
  language: string;
  /** Still being written: highlighted once its fence has closed. */
  open?: boolean;
}

export const CodeBlock = memo(function CodeBlock({ source, language, open }: CodeBlockProps) {
  const [html, setHtml] = useState<string | null>(null);
  useEffect(() => {
    if (open) return;
    let current = true;
    highlight(source, language).then(
      (result) => current && setHtml(result),
      () => current && setHtml(null),
    );
    return () => {
      current = false;
    };
  }, [source, language, open]);
  return (
    <CodeFrame language={language} source={source}>
      {html !== null && !open ? (
        // biome-ignore lint/security/noDangerouslySetInnerHtml: made by shiki, which escapes the source
        <div className="code-body" dangerouslySetInnerHTML={{ __html: html }} />
      ) : (
        <div className="code-body">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines must be scrollable by keyboard */}
          <pre tabIndex={0}>
            <code>{source}</code>
          </pre>
        </div>
      )}
    </CodeFrame>
  );
});

interface CodeFrameProps {
  language: string;
  source: string;
  actions?: ReactNode;
  children: ReactNode;
}

/** Language label, copy button and the body below them. */
export function CodeFrame({ language, source, actions, children }: CodeFrameProps) {
  return (
    <figure className="code-frame" aria-label={`Code: ${language || "text"}`}>
      <figcaption>
        <span>{language || "text"}</span>
        <span className="flex items-center gap-1">
          {actions}
          <CopyButton text={source} label="Copy code" />
        </span>
      </figcaption>
      {children}
    </figure>
  );
}

export function CopyButton({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  const Icon = copied ? Check : Copy;
  return (
    <button
      type="button"
      className="code-action"
      aria-label={copied ? "Copied" : label}
      title={label}
      onClick={async () => setCopied(await copyText(text))}
    >
      <Icon size={15} aria-hidden />
    </button>
  );
}
