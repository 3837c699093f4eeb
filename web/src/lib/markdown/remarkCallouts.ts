// GitHub's callouts: a quote that begins with [!NOTE], [!TIP], [!IMPORTANT], [!WARNING], [!CAUTION].

interface MarkdownNode {
  type: string;
  value?: string;
  children?: MarkdownNode[];
  data?: { hProperties?: Record<string, string> };
}

const mark = /^\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*\n?/;

export function remarkCallouts() {
  return (tree: MarkdownNode): void => visit(tree);
}

function visit(node: MarkdownNode): void {
  if (node.type === "blockquote") turnIntoCallout(node);
  for (const child of node.children ?? []) visit(child);
}

function turnIntoCallout(quote: MarkdownNode): void {
  const first = quote.children?.[0]?.children?.[0];
  const kind = first?.type === "text" ? mark.exec(first.value ?? "") : null;
  if (!first || !kind?.[1]) return;
  first.value = (first.value ?? "").slice(kind[0].length);
  quote.data = { hProperties: { "data-callout": kind[1].toLowerCase() } };
}
