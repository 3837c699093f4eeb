// Code highlighting: loaded when the first code block is shown, one grammar at a time. Grammars that
// carry a dozen others inside them (Ruby, PHP) would double the size of the wheel and are left out.

import type { HighlighterCore, LanguageRegistration } from "shiki/core";

type Grammar = () => Promise<{ default: LanguageRegistration[] }>;

const grammars: Record<string, Grammar> = {
  bash: () => import("@shikijs/langs/bash"),
  c: () => import("@shikijs/langs/c"),
  css: () => import("@shikijs/langs/css"),
  diff: () => import("@shikijs/langs/diff"),
  docker: () => import("@shikijs/langs/docker"),
  go: () => import("@shikijs/langs/go"),
  html: () => import("@shikijs/langs/html"),
  java: () => import("@shikijs/langs/java"),
  javascript: () => import("@shikijs/langs/javascript"),
  json: () => import("@shikijs/langs/json"),
  jsonc: () => import("@shikijs/langs/jsonc"),
  kotlin: () => import("@shikijs/langs/kotlin"),
  lua: () => import("@shikijs/langs/lua"),
  make: () => import("@shikijs/langs/make"),
  markdown: () => import("@shikijs/langs/markdown"),
  python: () => import("@shikijs/langs/python"),
  rust: () => import("@shikijs/langs/rust"),
  sql: () => import("@shikijs/langs/sql"),
  swift: () => import("@shikijs/langs/swift"),
  toml: () => import("@shikijs/langs/toml"),
  tsx: () => import("@shikijs/langs/tsx"),
  typescript: () => import("@shikijs/langs/typescript"),
  xml: () => import("@shikijs/langs/xml"),
  yaml: () => import("@shikijs/langs/yaml"),
};

const aliases: Record<string, string> = {
  cjs: "javascript",
  console: "bash",
  dockerfile: "docker",
  golang: "go",
  h: "c",
  js: "javascript",
  jsx: "javascript",
  json5: "jsonc",
  kt: "kotlin",
  makefile: "make",
  md: "markdown",
  mjs: "javascript",
  patch: "diff",
  py: "python",
  rs: "rust",
  sh: "bash",
  shell: "bash",
  svg: "xml",
  ts: "typescript",
  yml: "yaml",
  zsh: "bash",
};

const longestHighlighted = 60_000;
let highlighter: Promise<HighlighterCore> | undefined;

async function createHighlighter(): Promise<HighlighterCore> {
  const [core, engine] = await Promise.all([
    import("shiki/core"),
    import("shiki/engine/javascript"),
  ]);
  return core.createHighlighterCore({
    themes: [
      import("@shikijs/themes/github-light-high-contrast"),
      import("@shikijs/themes/github-dark-high-contrast"),
    ],
    langs: [],
    engine: engine.createJavaScriptRegexEngine(),
  });
}

/** Escaped HTML with both themes as CSS variables, or null where plain text is right. */
export async function highlight(source: string, language: string): Promise<string | null> {
  const name = aliases[language] ?? language;
  const grammar = grammars[name];
  if (!grammar || source.length > longestHighlighted) return null;
  highlighter ??= createHighlighter();
  const [shiki, loaded] = await Promise.all([highlighter, grammar()]);
  if (!shiki.getLoadedLanguages().includes(name)) await shiki.loadLanguage(loaded.default);
  return shiki.codeToHtml(source, {
    lang: name,
    themes: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    defaultColor: false,
  });
}
