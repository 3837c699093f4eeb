import clsx from "clsx";
import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { asProblem } from "@/api/client";
import { Button } from "./Button";
import { CodeText } from "./CodeText";

type Tone = "info" | "warn" | "danger";

const tones: Record<Tone, string> = {
  info: "border-info/40 bg-info-tint text-info",
  warn: "border-warn/40 bg-warn-tint text-warn",
  danger: "border-danger/40 bg-danger-tint text-danger",
};
const icons = { info: Info, warn: TriangleAlert, danger: CircleAlert };

interface NoticeProps {
  tone: Tone;
  title?: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  role?: "alert" | "status" | "note";
}

export function Notice({ tone, title, children, actions, role }: NoticeProps) {
  const Icon = icons[tone];
  return (
    <div
      role={role}
      className={clsx(
        "flex flex-wrap items-center gap-x-3 gap-y-2 rounded-xl border px-4 py-3 text-sm",
        tones[tone],
      )}
    >
      <Icon size={18} aria-hidden className="shrink-0 self-start" />
      <div className="min-w-40 flex-1">
        {title && <p className="font-semibold">{title}</p>}
        {children && <div className="break-words text-ink">{children}</div>}
      </div>
      {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
    </div>
  );
}

interface ProblemNoticeProps {
  error: unknown;
  onRetry?: () => void;
}

/** A problem in the flow of the page: what happened, and what to do next. */
export function ProblemNotice({ error, onRetry }: ProblemNoticeProps) {
  const problem = asProblem(error);
  return (
    <Notice
      tone="danger"
      role="alert"
      title={problem.title}
      actions={onRetry && <Button onClick={onRetry}>Try again</Button>}
    >
      <p>
        <CodeText text={problem.detail} />
      </p>
      {problem.errors.map((item) => (
        <p key={item.path + item.message}>
          <code>{item.path}</code>: {item.message}
        </p>
      ))}
      <p className="text-ink-soft">
        <CodeText text={problem.nextStep} />
      </p>
    </Notice>
  );
}
