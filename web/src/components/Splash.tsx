import { Logo } from "./Logo";

/** What is there before anything else is. */
export function Splash() {
  return (
    <div className="grid h-full place-items-center" role="status" aria-label="Loading Mandrake">
      <Logo size={48} />
    </div>
  );
}
