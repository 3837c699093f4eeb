// Cuts Markdown into top-level blocks, so that while an answer streams only the last block is parsed
// again. What refers across blocks is kept working: link definitions are handed to every block that
// uses them, and a text with footnotes stays one block.

import { Lexer, type Token } from "marked";

const footnoteDefinition = /^ {0,3}\[\^[^\]\s]+\]:/m;
const fence = /^[\s>]*(?:(?:[-*+]|\d+[.)])\s+)*(`{3,}|~{3,})/;
const fenceEnd = /^[\s>]*(`{3,}|~{3,})\s*$/;

export interface MarkdownBlock {
  text: string;
  kind: string;
}

export function splitBlocks(text: string): MarkdownBlock[] {
  // Only blocks are wanted: reading what is inside them would double the time.
  const tokens = new Lexer().blockTokens(text.replaceAll(/\r\n?/g, "\n"));
  const hasFootnotes = tokens.some(
    (token) => token.type !== "code" && footnoteDefinition.test(token.raw),
  );
  if (hasFootnotes) return [{ text, kind: "document" }];
  const definitions = tokens.filter((token) => token.type === "def");
  const blocks: MarkdownBlock[] = [];
  let openMath: MarkdownBlock | null = null;
  for (const token of tokens) {
    if (openMath) {
      openMath.text += token.raw;
      if (!leavesMathOpen(openMath.text)) openMath = null;
      continue;
    }
    if (token.type === "space") {
      const last = blocks.at(-1);
      if (last) last.text += token.raw;
      continue;
    }
    if (token.type === "def") continue;
    const block = { text: withDefinitions(token, definitions), kind: token.type };
    blocks.push(block);
    if (token.type !== "code" && leavesMathOpen(block.text)) openMath = block;
  }
  return blocks;
}

/** A display formula may hold blank lines, where the lexer sees the end of a paragraph. */
function leavesMathOpen(text: string): boolean {
  const plain = text.replaceAll(/`[^`\n]*`/g, "");
  const dollars = plain.split("$$").length - 1;
  return dollars % 2 === 1 || plain.lastIndexOf("\\[") > plain.lastIndexOf("\\]");
}

function withDefinitions(token: Token, definitions: Token[]): string {
  if (definitions.length === 0 || token.type === "code") return token.raw;
  const lower = token.raw.toLowerCase();
  const used = definitions.filter((definition) =>
    lower.includes(`[${String((definition as { tag?: string }).tag ?? "").toLowerCase()}]`),
  );
  if (used.length === 0) return token.raw;
  return `${token.raw.trimEnd()}\n\n${used.map((definition) => definition.raw.trimEnd()).join("\n")}\n`;
}

/** True while the text ends inside a code fence that has not been closed yet. */
export function endsInsideFence(text: string): boolean {
  let open: string | null = null;
  for (const line of text.split("\n")) {
    if (open === null) {
      open = fence.exec(line)?.[1] ?? null;
      continue;
    }
    const end = fenceEnd.exec(line)?.[1];
    if (end && end[0] === open[0] && end.length >= open.length) open = null;
  }
  return open !== null;
}
