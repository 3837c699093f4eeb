// Shows Markdown, also while it is being written. Plugins and components stand at module level:
// fresh ones on each render would defeat every memo below.

import { createContext, memo, type ReactNode, useContext, useId, useMemo } from "react";
import ReactMarkdown, { type Components, type Options } from "react-markdown";
import remarkGfm from "remark-gfm";
import remarkMath from "remark-math";
import remend from "remend";
import { CodeBlock } from "./CodeBlock";
import { ImagePlaceholder } from "./ImagePlaceholder";
import { MathView } from "./MathView";
import { MermaidView } from "./MermaidView";
import { normalizeMath } from "./normalizeMath";
import { remarkCallouts } from "./remarkCallouts";
import { endsInsideFence, splitBlocks } from "./splitBlocks";
import "./markdown.css";

type RemarkPlugins = Options["remarkPlugins"];
const remarkPlugins: RemarkPlugins = [
  remarkGfm,
  [remarkMath, { singleDollarTextMath: false }],
  remarkCallouts,
];

/** True inside a code fence that has not closed: its content is shown plain. */
const OpenFence = createContext(false);
const callouts: Record<string, string> = {
  note: "Note",
  tip: "Tip",
  important: "Important",
  warning: "Warning",
  caution: "Caution",
};

function Code({ className, children }: { className?: string; children?: ReactNode }) {
  const open = useContext(OpenFence);
  const source = String(children ?? "").replace(/\n$/, "");
  const language = /language-([^\s]+)/.exec(className ?? "")?.[1]?.toLowerCase() ?? "";
  if (language === "math") {
    return <MathView formula={source} display={className?.includes("math-display") ?? false} />;
  }
  if (language === "" && !String(children ?? "").endsWith("\n")) return <code>{children}</code>;
  if (language === "mermaid" && !open) return <MermaidView source={source} />;
  return <CodeBlock source={source} language={language} open={open} />;
}

const components: Components = {
  pre: ({ children }) => children,
  code: ({ className, children }) => <Code className={className}>{children}</Code>,
  img: ({ src, alt }) => <ImagePlaceholder source={String(src ?? "")} alt={alt ?? ""} />,
  a: ({ href, children, node: _node, ...rest }) => {
    const inside = href?.startsWith("#");
    return (
      <a
        href={href}
        {...rest}
        {...(inside ? {} : { target: "_blank", rel: "noopener noreferrer" })}
      >
        {children}
      </a>
    );
  },
  table: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table must be scrollable by keyboard
    <div className="table-scroll" role="group" aria-label="Table" tabIndex={0}>
      <table>{children}</table>
    </div>
  ),
  input: ({ checked, node: _node, ...rest }) => (
    <input {...rest} checked={checked} readOnly aria-label={checked ? "Done" : "To do"} />
  ),
  blockquote: ({ children, node }) => {
    const kind = node?.properties["data-callout"];
    if (typeof kind !== "string") return <blockquote>{children}</blockquote>;
    return (
      <div className="callout" data-callout={kind} role="note">
        <p className="callout-title">{callouts[kind]}</p>
        {children}
      </div>
    );
  },
};

interface BlockProps {
  text: string;
  /** The last block of a text that is still being written. */
  tail: boolean;
  prefix: string;
}

const Block = memo(function Block({ text, tail, prefix }: BlockProps) {
  const open = tail && endsInsideFence(text);
  const source = normalizeMath(tail && !open ? remend(text, { linkMode: "text-only" }) : text);
  const rehype = useMemo(() => ({ clobberPrefix: prefix }), [prefix]);
  return (
    <OpenFence value={open}>
      <ReactMarkdown
        remarkPlugins={remarkPlugins}
        remarkRehypeOptions={rehype}
        components={components}
      >
        {source}
      </ReactMarkdown>
    </OpenFence>
  );
});

interface MarkdownProps {
  text: string;
  /** More text is coming. */
  live?: boolean;
}

export const Markdown = memo(function Markdown({ text, live = false }: MarkdownProps) {
  const prefix = `${useId().replaceAll(/[^a-zA-Z0-9]/g, "")}-`;
  const blocks = useMemo(() => splitBlocks(text), [text]);
  return (
    <div className="markdown">
      {blocks.map((block, index) => (
        <Block
          // biome-ignore lint/suspicious/noArrayIndexKey: text only grows at its end, so places are stable
          key={index}
          text={block.text}
          tail={live && index === blocks.length - 1}
          prefix={prefix}
        />
      ))}
    </div>
  );
});
