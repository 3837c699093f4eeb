import { render, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { Markdown } from "./Markdown";
import { normalizeMath } from "./normalizeMath";
import { endsInsideFence, splitBlocks } from "./splitBlocks";

const python = "```python\nprint('hi')\n```";

describe("Markdown", () => {
  it("U16: shows tables, task lists, callouts and footnotes", () => {
    const { container } = render(
      <Markdown
        text={
          "| a | b |\n|---|---|\n| 1 | 2 |\n\n- [x] done\n- [ ] open\n\n> [!WARNING]\n> Take care\n\nText[^1].\n\n[^1]: The note."
        }
      />,
    );
    expect(screen.getByRole("table")).toBeInTheDocument();
    expect(screen.getByRole("checkbox", { name: "Done" })).toBeChecked();
    expect(screen.getByRole("note")).toHaveTextContent("Warning Take care");
    const reference = container.querySelector("sup a");
    const target = reference?.getAttribute("href")?.slice(1) ?? "none";
    expect(container.querySelector(`[id="${target}"]`)).toHaveTextContent("The note.");
  });

  it("U16: highlights code with its language and a copy button", async () => {
    const { container } = render(<Markdown text={python} />);
    expect(screen.getByText("python")).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Copy code" })).toBeInTheDocument();
    await waitFor(() => expect(container.querySelector(".shiki span span")).not.toBeNull(), {
      timeout: 5000,
    });
  });

  it("U16: leaves the open tail without highlighting until its fence closes", async () => {
    const open = "Intro\n\n```python\nprint('hi')\nx = 1";
    const { container, rerender } = render(<Markdown live text={open} />);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(container.querySelector(".shiki")).toBeNull();
    expect(container.querySelector("pre")).toHaveTextContent("print('hi') x = 1");
    rerender(<Markdown live text={`${open}\n\`\`\`\n\nMore`} />);
    await waitFor(() => expect(container.querySelector(".shiki")).not.toBeNull(), {
      timeout: 5000,
    });
  });

  it("U16: closes half-written emphasis in the tail only", () => {
    const { container, rerender } = render(<Markdown live text={"Some **bol"} />);
    expect(container.querySelector("strong")).toHaveTextContent("bol");
    rerender(<Markdown text={"Some **bol"} />);
    expect(container.querySelector("strong")).toBeNull();
  });

  it("U16: never fetches an image by itself", () => {
    const { container } = render(<Markdown text="![a cat](https://elsewhere.test/cat.png)" />);
    expect(container.querySelector("img")).toBeNull();
    const link = screen.getByRole("link", { name: /a cat \(elsewhere\.test\)/ });
    expect(link).toHaveAttribute("rel", "noopener noreferrer");
  });

  it("U16: shows an image of its own server on a click", async () => {
    const { container } = render(<Markdown text="![chart](/api/v1/blobs/blob_1)" />);
    expect(container.querySelector("img")).toBeNull();
    screen.getByRole("button", { name: "Show image: chart" }).click();
    await waitFor(() => expect(screen.getByRole("img", { name: "chart" })).toBeInTheDocument());
  });

  it("U16: typesets math and leaves money alone", async () => {
    const { container } = render(<Markdown text={"From $5 to $10, and $a^2$ too."} />);
    await waitFor(() => expect(container.querySelector(".katex")).not.toBeNull(), {
      timeout: 5000,
    });
    expect(container.querySelectorAll(".katex")).toHaveLength(1);
    expect(container).toHaveTextContent("From $5 to $10");
  });

  it("shows HTML of a model as text and drops script addresses", () => {
    const { container } = render(
      <Markdown text={'<img src=x onerror="alert(1)">\n\n[go](javascript:alert(1))'} />,
    );
    expect(container.querySelector("img")).toBeNull();
    expect(container.querySelector("a")?.getAttribute("href") ?? "").not.toContain("javascript");
  });

  it("U16: live and after reload end in the same document", () => {
    const text = `# Title\n\nSome *text* with [a link][x].\n\n${python}\n\n1. one\n2. two\n\n[x]: https://example.test/\n`;
    const live = render(<Markdown live text="" />);
    for (let end = 1; end <= text.length; end += 3) {
      live.rerender(<Markdown live text={text.slice(0, end)} />);
    }
    live.rerender(<Markdown text={text} />);
    const reloaded = render(<Markdown text={text} />);
    const outline = (root: HTMLElement) =>
      [...root.querySelectorAll("h1, p, em, a, li, pre")].map((node) => [
        node.tagName,
        node.textContent,
      ]);
    expect(outline(live.container)).toEqual(outline(reloaded.container));
    expect(within(reloaded.container).getByRole("link", { name: "a link" })).toHaveAttribute(
      "href",
      "https://example.test/",
    );
  });
});

describe("splitBlocks", () => {
  it("keeps the text of every block", () => {
    const text = "# A\n\nB b\n\n```js\nx\n\ny\n```\n\n- c\n- d\n";
    expect(
      splitBlocks(text)
        .map((block) => block.text)
        .join(""),
    ).toBe(text);
  });

  it("keeps a display formula with blank lines in one block", () => {
    const blocks = splitBlocks("Before\n\n$$\na\n\nb\n$$\n\nAfter");
    expect(blocks.map((block) => block.text.trim())).toEqual(["Before", "$$\na\n\nb\n$$", "After"]);
  });

  it("leaves earlier blocks untouched while text is added", () => {
    const text = `One\n\n${python}\n\nTwo three four`;
    const settled = splitBlocks(text).slice(0, 2);
    const later = splitBlocks(`${text} five\n\nSix`).slice(0, 2);
    expect(later).toEqual(settled);
  });
});

describe("endsInsideFence", () => {
  it.each([
    ["```js\nx", true],
    ["```js\nx\n```", false],
    ["````\n```\n", true],
    ["- a\n  ```\n  x", true],
    ["text", false],
    ["~~~\nx\n```", true],
  ])("%j → %s", (text, expected) => {
    expect(endsInsideFence(text)).toBe(expected);
  });
});

describe("normalizeMath", () => {
  it.each([
    ["$x$ and \\(y\\)", "$$x$$ and $$y$$"],
    ["it costs $5 and $10", "it costs $5 and $10"],
    ["`$x$` and `\\(y\\)`", "`$x$` and `\\(y\\)`"],
    ["```\n$x$\n```\n", "```\n$x$\n```\n"],
    ["a \\$x$ b$", "a \\$x$ b$"],
    ["$$x$$", "$$\nx\n$$"],
    ["So $$x$$ it is", "So $$x$$ it is"],
  ])("%j → %j", (text, expected) => {
    expect(normalizeMath(text)).toBe(expected);
  });
});
