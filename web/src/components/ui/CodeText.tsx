/** A sentence of the server's, where names stand in backticks. */
export function CodeText({ text }: { text: string }) {
  return text.split(/`([^`]+)`/).map((piece, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one immutable text
      <code key={index} className="font-mono text-[0.9em] break-words">
        {piece}
      </code>
    ) : (
      piece
    ),
  );
}
