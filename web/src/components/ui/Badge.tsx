import clsx from "clsx";
import type { ReactNode } from "react";

export type BadgeTone = "plain" | "good" | "warn" | "danger" | "info";

const tones: Record<BadgeTone, string> = {
  plain: "bg-sunken text-ink-soft",
  good: "bg-accent-tint text-accent",
  warn: "bg-warn-tint text-warn",
  danger: "bg-danger-tint text-danger",
  info: "bg-info-tint text-info",
};

interface BadgeProps {
  tone?: BadgeTone;
  /** For labels that may be longer than a narrow screen. */
  wraps?: boolean;
  children: ReactNode;
}

export function Badge({ tone = "plain", wraps = false, children }: BadgeProps) {
  return (
    <span
      className={clsx(
        "inline-flex items-center gap-1 rounded-full px-2 py-0.5 text-xs font-medium",
        wraps ? "min-w-0" : "whitespace-nowrap",
        tones[tone],
      )}
    >
      {children}
    </span>
  );
}
