import { useEffect, useRef, useState } from "react";
import type { Question, Round } from "@/api/types";
import { summarizeArguments } from "@/lib/format";

const clearMilliseconds = 3000;

interface AnnouncerProps {
  rounds: Round[];
  questions: Record<string, Question>;
}

/**
 * Tells screen readers of each finished block, never of single words: the conversation itself is
 * silent, this polite region speaks. What was there when the page opened is not read out.
 */
export function Announcer({ rounds, questions }: AnnouncerProps) {
  const told = useRef<Set<string> | null>(null);
  const [lines, setLines] = useState<string[]>([]);
  useEffect(() => {
    const blocks = finishedBlocks(rounds, questions);
    if (told.current === null) {
      told.current = new Set(blocks.map(([key]) => key));
      return;
    }
    const seen = told.current;
    const fresh = blocks.filter(([key]) => !seen.has(key));
    if (fresh.length === 0) return;
    for (const [key] of fresh) seen.add(key);
    setLines((before) => [...before, ...fresh.map(([, line]) => line)].slice(-5));
  }, [rounds, questions]);
  // Said once, it goes: whoever reads on by hand finds it in the conversation, not here again.
  useEffect(() => {
    if (lines.length === 0) return;
    const timer = setTimeout(() => setLines([]), clearMilliseconds);
    return () => clearTimeout(timer);
  }, [lines]);
  return (
    <div className="sr-only" aria-live="polite" role="status" aria-label="Latest">
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other identity
        <p key={index}>{line}</p>
      ))}
    </div>
  );
}

function finishedBlocks(rounds: Round[], questions: Record<string, Question>): [string, string][] {
  const blocks: [string, string][] = [];
  const round = rounds.at(-1);
  for (const turn of round?.response.turns ?? []) {
    const over = turn.status !== "streaming";
    for (const part of turn.parts) {
      const key = `${turn.id}/${part.index}`;
      const text = (part.text ?? "").trim();
      if (part.kind === "text" && text !== "" && (part.open === false || over)) {
        blocks.push([key, text]);
      }
      if (part.kind === "tool_call" && part.status && part.status !== "requested") {
        blocks.push([`${key}/${part.status}`, `Tool ${part.server}.${part.tool}: ${part.status}`]);
      }
    }
  }
  for (const question of Object.values(questions)) {
    if (question.status !== "open") continue;
    const { server, tool, arguments: args } = question.subject as Record<string, unknown>;
    const line = `A question waits: ${question.kind} for ${server}.${tool}. ${summarizeArguments(args)}`;
    blocks.push([question.id, line]);
  }
  if (round && (round.status === "failed" || round.status === "stopped")) {
    blocks.push([`${round.id}/${round.status}`, `The round ${round.status}.`]);
  }
  return blocks;
}
