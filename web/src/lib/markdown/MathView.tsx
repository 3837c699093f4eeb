import { useEffect, useState } from "react";

const loadKatex = () =>
  Promise.all([import("katex"), import("katex/dist/katex.min.css")]).then(
    ([module]) => module.default,
  );

interface MathViewProps {
  formula: string;
  display: boolean;
}

/** A formula, typeset once KaTeX is there; its source until then and when it cannot be read. */
export function MathView({ formula, display }: MathViewProps) {
  const [html, setHtml] = useState<string | null>(null);
  useEffect(() => {
    let current = true;
    loadKatex().then(
      (katex) => {
        if (!current) return;
        setHtml(
          katex.renderToString(formula, {
            displayMode: display,
            throwOnError: false,
            trust: false,
          }),
        );
      },
      () => {},
    );
    return () => {
      current = false;
    };
  }, [formula, display]);
  if (html === null) return <code>{formula}</code>;
  return (
    <span
      className={display ? "math-display" : undefined}
      // biome-ignore lint/security/noDangerouslySetInnerHtml: made by KaTeX with `trust` off
      dangerouslySetInnerHTML={{ __html: html }}
    />
  );
}
