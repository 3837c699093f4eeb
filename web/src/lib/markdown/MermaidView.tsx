import { CodeXml, Workflow } from "lucide-react";
import { useEffect, useId, useState } from "react";
import { useIsDark } from "@/stores/theme";
import { CodeBlock, CodeFrame } from "./CodeBlock";

type Drawing = { svg: string } | { problem: string } | null;

const whenIdle = (work: () => void): (() => void) => {
  if (typeof requestIdleCallback === "function") {
    const handle = requestIdleCallback(work, { timeout: 1500 });
    return () => cancelIdleCallback(handle);
  }
  const timer = setTimeout(work, 50);
  return () => clearTimeout(timer);
};

async function draw(id: string, source: string, dark: boolean): Promise<Drawing> {
  try {
    const { default: mermaid } = await import("mermaid");
    mermaid.initialize({
      startOnLoad: false,
      securityLevel: "strict",
      suppressErrorRendering: true,
      theme: dark ? "dark" : "neutral",
      // The dark theme's own grey is too light behind its grey text.
      themeVariables: dark ? { edgeLabelBackground: "#1f2622" } : {},
    });
    return { svg: (await mermaid.render(id, source)).svg };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** A diagram, drawn when the browser is idle; its source is one click away. */
export function MermaidView({ source }: { source: string }) {
  const id = `mermaid-${useId().replaceAll(/[^a-zA-Z0-9]/g, "")}`;
  const dark = useIsDark();
  const [drawing, setDrawing] = useState<Drawing>(null);
  const [showSource, setShowSource] = useState(false);
  useEffect(() => {
    let current = true;
    const cancel = whenIdle(() => {
      void draw(id, source, dark).then((result) => current && setDrawing(result));
    });
    return () => {
      current = false;
      cancel();
    };
  }, [id, source, dark]);
  if (drawing === null) return <CodeBlock source={source} language="mermaid" />;
  if ("problem" in drawing) {
    return (
      <>
        <p role="note" className="callout-title text-danger">
          This diagram cannot be drawn: {drawing.problem}
        </p>
        <CodeBlock source={source} language="mermaid" />
      </>
    );
  }
  const Icon = showSource ? Workflow : CodeXml;
  return (
    <CodeFrame
      language="mermaid"
      source={source}
      actions={
        <button
          type="button"
          className="code-action"
          aria-pressed={showSource}
          aria-label="Show source"
          title="Show source"
          onClick={() => setShowSource(!showSource)}
        >
          <Icon size={15} aria-hidden />
        </button>
      }
    >
      {showSource ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines must be scrollable by keyboard
        <pre tabIndex={0}>
          <code>{source}</code>
        </pre>
      ) : (
        <div
          role="img"
          aria-label="Diagram"
          className="mermaid-drawing"
          // biome-ignore lint/security/noDangerouslySetInnerHtml: made by mermaid with securityLevel "strict"
          dangerouslySetInnerHTML={{ __html: drawing.svg }}
        />
      )}
    </CodeFrame>
  );
}
