// The one-time code travels in the address's fragment, which browsers never send to a server.

/** The code in a pasted link or the bare code; null when there is none. */
export function readCode(pasted: string): string | null {
  const text = pasted.trim();
  const code = /[#&?]code=([^&\s]+)/.exec(text)?.[1];
  if (code) return decodeURIComponent(code);
  return /^[A-Za-z0-9._~-]{6,}$/.test(text) ? text : null;
}

/** Takes the code out of the address bar, so that it is neither kept in history nor copied along. */
export function takeCodeFromAddress(): string | null {
  if (!/[#&]code=/.test(location.hash)) return null;
  const code = readCode(location.hash);
  history.replaceState(history.state, "", location.pathname + location.search);
  return code;
}
