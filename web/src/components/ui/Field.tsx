import { type ReactNode, useId } from "react";

export const inputClass =
  "w-full min-h-11 sm:min-h-9 rounded-lg border border-line-strong bg-surface px-3 py-1.5 text-sm " +
  "text-ink placeholder:text-ink-soft aria-invalid:border-danger";

interface FieldProps {
  label: string;
  hint?: ReactNode;
  error?: string | null;
  children: (attributes: {
    id: string;
    "aria-describedby": string | undefined;
    "aria-invalid": boolean | undefined;
  }) => ReactNode;
}

/** Label, control, hint and error, joined for assistive technology. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      {children({
        id,
        "aria-describedby": described || undefined,
        "aria-invalid": error ? true : undefined,
      })}
      {hint && (
        <p id={`${id}-hint`} className="text-xs text-ink-soft">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} role="alert" className="text-xs text-danger">
          {error}
        </p>
      )}
    </div>
  );
}
