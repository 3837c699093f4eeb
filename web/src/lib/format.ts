// Figures and times as people read them. An unknown figure is always the word "unknown", never 0.

import type { Usage } from "@/api/types";

const integers = new Intl.NumberFormat("en-US");

export const formatTokens = (tokens: number | null | undefined): string =>
  tokens === null || tokens === undefined ? "unknown" : integers.format(tokens);

export function formatCost(costUsd: number | null | undefined): string {
  if (costUsd === null || costUsd === undefined) return "unknown";
  if (costUsd === 0) return "$0.00";
  if (costUsd < 0.0001) return "<$0.0001";
  return costUsd < 1 ? `$${costUsd.toFixed(4)}` : `$${costUsd.toFixed(2)}`;
}

export function formatDuration(milliseconds: number | null | undefined): string {
  if (milliseconds === null || milliseconds === undefined) return "unknown";
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 ** 2) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ["minute", 60],
  ["hour", 3600],
  ["day", 86_400],
  ["week", 604_800],
];

export function formatRelativeTime(time: string, now: number = Date.now()): string {
  const seconds = (Date.parse(time) - now) / 1000;
  const distance = Math.abs(seconds);
  if (Number.isNaN(distance)) return "unknown";
  if (distance < 45) return "just now";
  if (distance >= 30 * 86_400) {
    return new Date(time).toLocaleDateString("en", { dateStyle: "medium" });
  }
  const [unit, size] = steps.findLast(([, step]) => distance >= step) ?? ["minute", 60];
  return relative.format(Math.round(seconds / size), unit);
}

export const formatTime = (time: string): string =>
  new Date(time).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" });

/** What some work used, in a few words each. */
export function describeUsage(
  inputTokens: number | null | undefined,
  outputTokens: number | null | undefined,
  costUsd: number | null | undefined,
): string[] {
  const unknown = (inputTokens ?? null) === null && (outputTokens ?? null) === null;
  const tokens = unknown
    ? ["tokens unknown"]
    : [`${formatTokens(inputTokens)} tokens in`, `${formatTokens(outputTokens)} tokens out`];
  return [...tokens, `cost ${formatCost(costUsd)}`];
}

/** How long something has been up; seconds are left out, as the figure is not a running clock. */
export function formatUptime(seconds: number): string {
  if (seconds < 60) return "just started";
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `up ${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 24
    ? `up ${hours} h ${minutes % 60} min`
    : `up ${Math.floor(hours / 24)} d ${hours % 24} h`;
}

type Figure = "input_tokens" | "output_tokens";

/** Sum over several usages; one unknown makes the sum unknown. */
export function sumUsage(usages: (Usage | null)[], figure: Figure): number | null {
  let sum = 0;
  for (const usage of usages) {
    const value = usage?.[figure];
    if (value === null || value === undefined) return null;
    sum += value;
  }
  return usages.length === 0 ? null : sum;
}

const isPlain = (value: unknown): boolean => typeof value !== "object" || value === null;

/** One line that tells the call: `path: "a.txt", limit: 5`. Plain values come first. */
export function summarizeArguments(args: unknown, longest = 120): string {
  if (args === null || args === undefined) return "";
  const text =
    typeof args === "object" && !Array.isArray(args)
      ? Object.entries(args)
          .sort(([one, a], [other, b]) => {
            const order = Number(isPlain(b)) - Number(isPlain(a));
            return order || (one < other ? -1 : 1);
          })
          .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
          .join(", ")
      : JSON.stringify(args);
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
