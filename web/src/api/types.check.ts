// Holds the types written by hand to the generated ones: whatever the server may send must be
// something the page reads. Compiled, never run.

import type { Envelope, SessionEvent } from "./events";
import type { components } from "./schema";
import type { ApprovalAnswer, Page, Part, Question, Round, Session, Turn } from "./types";

type Schemas = components["schemas"];

/** The description leaves open what a result holds: the tool decides. */
type SentPart = Omit<Schemas["Part"], "result">;

/** Fails to compile unless `Sent` can be read as `Read`. */
type Reads<Read, Sent extends Read> = [Read, Sent];

export type Checks = [
  Reads<Part, SentPart>,
  Reads<Omit<Turn, "parts">, Omit<Schemas["Turn"], "parts">>,
  Reads<Omit<Round, "response">, Omit<Schemas["Round"], "response">>,
  Reads<Question, Schemas["Question"]>,
  Reads<Page<Session>, Required<Schemas["SessionPage"]>>,
  Reads<Envelope, Schemas["StreamEvent"]>,
  // What the page handles must be something the server sends.
  Reads<Schemas["StreamEvent"]["type"], SessionEvent["type"]>,
  Reads<Partial<Schemas["ApprovalAnswer"]>, ApprovalAnswer>,
];
