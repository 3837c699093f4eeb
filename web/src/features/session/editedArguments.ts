// Judges arguments a person has edited before allowing a call. The server validates again: this is
// for a message that comes while typing.

export type EditedArguments =
  | { ok: true; value: Record<string, unknown>; changed: boolean }
  | { ok: false; problem: string };

export function readEditedArguments(
  text: string,
  original: unknown,
  inputSchema: Record<string, unknown> | null | undefined,
): EditedArguments {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { ok: false, problem: `Not valid JSON: ${(error as Error).message}` };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { ok: false, problem: 'Arguments must be a JSON object, like {"name": "value"}.' };
  }
  const given = value as Record<string, unknown>;
  const required = Array.isArray(inputSchema?.required) ? inputSchema.required : [];
  const missing = required.filter((name) => typeof name === "string" && !(name in given));
  if (missing.length > 0) {
    return { ok: false, problem: `Missing: ${missing.map((name) => `\`${name}\``).join(", ")}.` };
  }
  return { ok: true, value: given, changed: JSON.stringify(given) !== JSON.stringify(original) };
}
