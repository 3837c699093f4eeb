import { describe, expect, it } from "vitest";
import { usage } from "@/test/fixtures";
import {
  describeUsage,
  formatCost,
  formatDuration,
  formatRelativeTime,
  formatTokens,
  formatUptime,
  summarizeArguments,
  sumUsage,
} from "./format";
import { formatJson, tokenizeLine } from "./json/jsonLines";
import { sortKeys } from "./json/sortKeys";

describe("figures", () => {
  it("says unknown for what is not known, and 0 only for what is 0", () => {
    expect(formatCost(null)).toBe("unknown");
    expect(formatCost(undefined)).toBe("unknown");
    expect(formatCost(0)).toBe("$0.00");
    expect(formatTokens(null)).toBe("unknown");
    expect(formatTokens(0)).toBe("0");
  });

  it("shows small and large costs with the digits they need", () => {
    expect(formatCost(0.000_01)).toBe("<$0.0001");
    expect(formatCost(0.0123)).toBe("$0.0123");
    expect(formatCost(12.345)).toBe("$12.35");
  });

  it("says in a few words what was used", () => {
    expect(describeUsage(1200, null, 0.5)).toEqual([
      "1,200 tokens in",
      "unknown tokens out",
      "cost $0.5000",
    ]);
    expect(describeUsage(null, undefined, null)).toEqual(["tokens unknown", "cost unknown"]);
  });

  it("makes a sum with one unknown unknown", () => {
    expect(sumUsage([usage(1, 2), usage(3, 4)], "input_tokens")).toBe(4);
    expect(sumUsage([usage(1, 2), usage(null, 4)], "input_tokens")).toBeNull();
    expect(sumUsage([usage(1, 2), null], "output_tokens")).toBeNull();
    expect(sumUsage([], "input_tokens")).toBeNull();
  });

  it("writes times and durations as people say them", () => {
    const now = Date.parse("2026-11-20T12:00:00Z");
    expect(formatRelativeTime("2026-11-20T11:59:50Z", now)).toBe("just now");
    expect(formatRelativeTime("2026-11-20T11:00:00Z", now)).toBe("1 hour ago");
    expect(formatRelativeTime("2026-11-19T12:00:00Z", now)).toBe("yesterday");
    expect(formatDuration(42)).toBe("42 ms");
    expect(formatDuration(61_000)).toBe("1 min 1 s");
    expect(formatUptime(0.2)).toBe("just started");
    expect(formatUptime(3_720)).toBe("up 1 h 2 min");
  });

  it("summarizes arguments in one short line", () => {
    expect(summarizeArguments({ path: "a b", deep: { x: [1] } })).toBe(
      'path: "a b", deep: {"x":[1]}',
    );
    expect(summarizeArguments({ edits: [{}], path: "a" })).toBe('path: "a", edits: [{}]');
    expect(summarizeArguments({ text: "x".repeat(500) })).toHaveLength(120);
  });
});

describe("JSON lines", () => {
  it("orders keys at every depth and leaves lists as they are", () => {
    const sorted = JSON.stringify(sortKeys({ b: [3, 1, { d: null, c: 2 }], a: "x" }));
    expect(sorted).toBe('{"a":"x","b":[3,1,{"c":2,"d":null}]}');
  });

  it("loses no character, however long the strings", () => {
    const value = { text: `${'x\\n"🌱'.repeat(3000)}`, list: [1, -2.5e3, true, null, ""] };
    const { text, lines } = formatJson(value);
    expect(text).toBe(JSON.stringify(value, null, 2));
    const drawn = lines.flatMap((line) => tokenizeLine(line).map((token) => token.text)).join("");
    expect(drawn).toBe(text.replaceAll("\n", ""));
    expect(lines.every((line) => line.text.length <= 400)).toBe(true);
  });

  it("tells keys, strings, numbers and literals apart, also after a cut", () => {
    const kinds = (value: unknown) =>
      formatJson(value).lines.flatMap((line) => tokenizeLine(line).map((token) => token.kind));
    expect(kinds({ a: "b" })).toEqual(["mark", "mark", "key", "mark", "mark", "string", "mark"]);
    expect(new Set(kinds(["y".repeat(1000)]).filter((kind) => kind !== "mark"))).toEqual(
      new Set(["string"]),
    );
  });

  it("formats five megabytes quickly", () => {
    const value = Array.from({ length: 50_000 }, (_, index) => ({ index, text: "y".repeat(80) }));
    const start = performance.now();
    expect(formatJson(value).text.length).toBeGreaterThan(5_000_000);
    expect(performance.now() - start).toBeLessThan(1500);
  });
});
