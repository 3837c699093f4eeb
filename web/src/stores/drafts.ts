// What was typed and not yet sent, per session, in this browser: it outlives reloads, crashes and
// failed sends. So does the model chosen for the session's next messages.

const draftKey = (sessionId: string) => `mandrake.draft.${sessionId}`;
const modelKey = (sessionId: string) => `mandrake.model.${sessionId}`;

function read(key: string): string {
  try {
    return localStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

function write(key: string, value: string): void {
  try {
    if (value === "") localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // A full or blocked storage must not break typing; the draft then lives in the page only.
  }
}

export const readDraft = (sessionId: string): string => read(draftKey(sessionId));
export const writeDraft = (sessionId: string, text: string): void =>
  write(draftKey(sessionId), text);

export const readChosenModel = (sessionId: string): string | null =>
  read(modelKey(sessionId)) || null;
export const writeChosenModel = (sessionId: string, key: string | null): void =>
  write(modelKey(sessionId), key ?? "");
