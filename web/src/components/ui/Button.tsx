import clsx from "clsx";
import type { ComponentProps } from "react";

export type ButtonVariant = "primary" | "outline" | "quiet" | "danger";

const variants: Record<ButtonVariant, string> = {
  primary: "bg-accent text-accent-ink hover:bg-accent-strong",
  outline: "border border-line-strong bg-surface text-ink hover:bg-sunken",
  quiet: "text-ink-soft hover:bg-sunken hover:text-ink",
  danger: "border border-danger text-danger hover:bg-danger-tint",
};

export const buttonClass = (variant: ButtonVariant = "outline", icon = false): string =>
  clsx(
    "inline-flex min-h-11 shrink-0 items-center justify-center gap-2 rounded-lg text-sm font-medium",
    "transition-colors disabled:cursor-not-allowed disabled:opacity-50 sm:min-h-9",
    icon ? "min-w-11 sm:min-w-9" : "px-3.5",
    variants[variant],
  );

interface ButtonProps extends ComponentProps<"button"> {
  variant?: ButtonVariant;
  /** Square, for a lone icon; give it an `aria-label`. */
  icon?: boolean;
}

export function Button({ variant, icon, className, type = "button", ...rest }: ButtonProps) {
  return <button type={type} className={clsx(buttonClass(variant, icon), className)} {...rest} />;
}
