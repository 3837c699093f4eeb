// One place that speaks HTTP with the server: problems become `ApiProblem`, commands carry an
// idempotency key. Knows nothing of React and nothing of what the routes mean.

export class ApiProblem extends Error {
  constructor(
    /** HTTP status; 0 when no answer arrived. */
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly errors: { path: string; message: string }[] = [],
  ) {
    super(detail || title);
    this.name = "ApiProblem";
  }

  get nextStep(): string {
    const narrow = nextSteps[this.code] ?? nextSteps[this.code.split(".")[0] ?? ""];
    return narrow ?? "Try again.";
  }
}

const nextSteps: Record<string, string> = {
  "unavailable.network": "Check that `mandrake up` is running; nothing you typed is lost.",
  unavailable: "Wait a moment and try again.",
  unauthenticated: "Sign in again: `mandrake open` prints a new link.",
  forbidden: "Ask the owner of this installation for access.",
  not_found: "It may have been deleted. Go back to the list.",
  conflict: "Somebody else changed this at the same time. Look at the newest state and try again.",
  precondition_failed: "This was changed elsewhere. Reload it, then make your change again.",
  invalid: "Correct what is named and try again.",
  limit_exceeded: "Wait a little, or raise the limit in the settings.",
  timeout: "Try again; if it stays slow, look at `mandrake doctor`.",
  cancelled: "Start it again when you need it.",
  internal: "Try again; the server's log has the details.",
};

export interface ApiAnswer<Body> {
  body: Body;
  /** Head of the session's topic that the answer reflects, from `X-Event-Seq`. */
  eventSeq: number | null;
}

export interface RequestOptions {
  body?: unknown;
  /** Repeating a command with the same key never runs it twice. */
  idempotencyKey?: string;
  signal?: AbortSignal;
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

const prefix = "/api/v1";
let onUnauthenticated: () => void = () => {};

/** Called whenever the server answers 401 to anything but the sign-in itself. */
export function setUnauthenticatedListener(listener: () => void): void {
  onUnauthenticated = listener;
}

export async function request<Body>(
  method: Method,
  path: string,
  options: RequestOptions = {},
): Promise<ApiAnswer<Body>> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (options.body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET") headers["Idempotency-Key"] = options.idempotencyKey ?? newKey();
  let response: Response;
  try {
    response = await fetch(prefix + path, {
      method,
      headers,
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      signal: options.signal,
      credentials: "same-origin",
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiProblem(0, "unavailable.network", "No connection", "Mandrake cannot be reached.");
  }
  if (!response.ok) throw await readProblem(response, path);
  const seq = response.headers.get("X-Event-Seq");
  const body = response.status === 204 ? undefined : await response.json();
  return { body: body as Body, eventSeq: seq === null ? null : Number(seq) };
}

export const get = async <Body>(path: string, signal?: AbortSignal): Promise<Body> =>
  (await request<Body>("GET", path, { signal })).body;

export const post = async <Body>(
  path: string,
  body?: unknown,
  idempotencyKey?: string,
): Promise<Body> => (await request<Body>("POST", path, { body, idempotencyKey })).body;

export const patch = async <Body>(path: string, body: unknown): Promise<Body> =>
  (await request<Body>("PATCH", path, { body })).body;

export const remove = async (path: string): Promise<void> => {
  await request<undefined>("DELETE", path);
};

/** `crypto.randomUUID` exists only in secure contexts; a plain-HTTP address still needs a key. */
export function newKey(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function readProblem(response: Response, path: string): Promise<ApiProblem> {
  let problem: Partial<ApiProblem> & { title?: string; detail?: string } = {};
  try {
    problem = await response.json();
  } catch {
    // A proxy may answer with a page of its own: the status line is all there is.
  }
  const code = problem.code ?? (response.status >= 500 ? "unavailable" : "internal");
  if (response.status === 401 && path !== "/sign-in") onUnauthenticated();
  return new ApiProblem(
    response.status,
    code,
    problem.title ?? (response.statusText || `HTTP ${response.status}`),
    problem.detail ?? problem.title ?? `The server answered with status ${response.status}.`,
    problem.errors ?? [],
  );
}

/** Any thrown thing as a problem that can be shown. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new ApiProblem(0, "internal", "Something went wrong", detail);
}
