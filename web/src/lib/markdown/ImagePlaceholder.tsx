import { ImageIcon } from "lucide-react";
import { useState } from "react";

interface ImagePlaceholderProps {
  source: string;
  alt: string;
}

/**
 * Nothing is fetched because a model wrote an address: that alone would tell a stranger's server
 * what was said. Own images appear on a click; others can only be opened in a tab of their own.
 */
export function ImagePlaceholder({ source, alt }: ImagePlaceholderProps) {
  const [shown, setShown] = useState(false);
  const address = parse(source);
  if (!address) return <span className="image-placeholder">Image without address: {alt}</span>;
  if (shown) return <img src={address.href} alt={alt} className="max-h-96 rounded-lg" />;
  const label = alt || "Image";
  if (address.origin === location.origin) {
    return (
      <button type="button" className="image-placeholder" onClick={() => setShown(true)}>
        <ImageIcon size={16} aria-hidden /> Show image: {label}
      </button>
    );
  }
  return (
    <a className="image-placeholder" href={address.href} target="_blank" rel="noopener noreferrer">
      <ImageIcon size={16} aria-hidden /> Open image in a new tab: {label} ({address.host})
    </a>
  );
}

function parse(source: string): URL | null {
  try {
    const address = new URL(source, location.href);
    return source !== "" && /^https?:$/.test(address.protocol) ? address : null;
  } catch {
    return null;
  }
}
