// Formatted JSON as lines of coloured tokens. Long strings are cut into several lines, so that a
// result of many megabytes is shown by drawing only the lines in view.

export type TokenKind = "key" | "string" | "number" | "literal" | "mark";

export interface JsonToken {
  kind: TokenKind;
  text: string;
}

export interface JsonLine {
  text: string;
  /** What the line goes on with: a string that was cut has no quote to tell. */
  continues: TokenKind | null;
}

const longestLine = 400;
const token =
  /("(?:\\.|[^"\\])*"?)(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null)|([^"\d\w-]+|.)/g;

/** The text of the whole, and its lines. */
export function formatJson(value: unknown): { text: string; lines: JsonLine[] } {
  const text = JSON.stringify(value, null, 2) ?? "null";
  const lines: JsonLine[] = [];
  for (const line of text.split("\n")) {
    if (line.length <= longestLine) lines.push({ text: line, continues: null });
    else cutLine(line, lines);
  }
  return { text, lines };
}

function cutLine(line: string, lines: JsonLine[]): void {
  let from = 0;
  while (from < line.length) {
    let to = Math.min(line.length, from + longestLine);
    // Neither an escape nor a surrogate pair may be torn apart.
    while (to < line.length && to > from + 1 && isTorn(line, to)) to -= 1;
    lines.push({ text: line.slice(from, to), continues: from === 0 ? null : "string" });
    from = to;
  }
}

function isTorn(line: string, at: number): boolean {
  const before = line.charCodeAt(at - 1);
  return line[at - 1] === "\\" || (before >= 0xd800 && before <= 0xdbff);
}

export function tokenizeLine(line: JsonLine): JsonToken[] {
  const tokens: JsonToken[] = [];
  let rest = line.text;
  if (line.continues) {
    const end = /(?<!\\)(?:\\\\)*"/.exec(rest);
    const length = end ? end.index + end[0].length : rest.length;
    tokens.push({ kind: line.continues, text: rest.slice(0, length) });
    rest = rest.slice(length);
  }
  for (const [whole, string, colon, number, literal] of rest.matchAll(token)) {
    if (string !== undefined) {
      tokens.push({ kind: colon === undefined ? "string" : "key", text: string });
      if (colon !== undefined) tokens.push({ kind: "mark", text: colon });
    } else if (number !== undefined) tokens.push({ kind: "number", text: number });
    else if (literal !== undefined) tokens.push({ kind: "literal", text: literal });
    else tokens.push({ kind: "mark", text: whole });
  }
  return tokens;
}
