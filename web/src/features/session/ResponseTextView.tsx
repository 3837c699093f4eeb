import { memo } from "react";
import { Markdown } from "@/lib/markdown/Markdown";

interface ResponseTextViewProps {
  text: string;
  open: boolean;
}

export const ResponseTextView = memo(function ResponseTextView({
  text,
  open,
}: ResponseTextViewProps) {
  if (text === "") return null;
  return <Markdown text={open ? wholeCharacters(text) : text} live={open} />;
});

/** A frame may end between the two halves of a character: the half is not shown. */
export function wholeCharacters(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? text.slice(0, -1) : text;
}
