// Models write formulas as \(…\), \[…\] and $…$; the parser only takes $$…$$, so that "$5 and $10"
// stays money. Code is never touched. A single dollar opens a formula by Pandoc's rule: no space
// after it, none before the closing one, and no digit behind that.

const code =
  /(^ {0,3}(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^ {0,3}\2[`~]*[ \t]*$|$(?![\s\S])))|(`+)(?!`)[\s\S]*?[^`]\3(?!`)/gm;
const single = /(?<![\\$\w])\$(?![\s$])((?:[^$\\\n]|\\.)*?[^\s$\\])\$(?![\d$])/g;

const alone = /^ {0,3}\$\$(?!\$)([^$\n]+)\$\$[ \t]*$/gm;

export function normalizeMath(text: string): string {
  if (!text.includes("$") && !text.includes("\\(") && !text.includes("\\[")) return text;
  let out = "";
  let from = 0;
  for (const match of text.matchAll(code)) {
    out += convert(text.slice(from, match.index)) + match[0];
    from = match.index + match[0].length;
  }
  return out + convert(text.slice(from));
}

const convert = (text: string): string =>
  text
    .replaceAll(
      /(?<!\\)\\\[([\s\S]+?)\\\]/g,
      (_, formula: string) => `\n$$\n${formula.trim()}\n$$\n`,
    )
    // Alone on its line, a formula in double dollars is meant to be displayed.
    .replaceAll(alone, (_, formula: string) => `$$\n${formula.trim()}\n$$`)
    .replaceAll(/(?<!\\)\\\(([^\n]+?)\\\)/g, (_, formula: string) => `$$${formula.trim()}$$`)
    .replaceAll(single, (_, formula: string) => `$$${formula}$$`);
