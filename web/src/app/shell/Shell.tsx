import { Menu } from "lucide-react";
import { Dialog } from "radix-ui";
import { useEffect } from "react";
import { Link, Outlet, useLocation } from "react-router";
import { Logo } from "@/components/Logo";
import { Button } from "@/components/ui/Button";
import { useMandrakeStore } from "@/stores/mandrake";
import { ConnectionPill } from "./ConnectionPill";
import { RehearsalBanner } from "./RehearsalBanner";
import { SideBar } from "./SideBar";
import { ThemeToggle } from "./ThemeToggle";

/** Header, side bar and the page. Under 768 pixels the side bar is a drawer. */
export function Shell() {
  return (
    <div className="flex h-dvh flex-col">
      <a
        href="#page"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2 focus:rounded-lg focus:bg-accent focus:px-4 focus:py-2 focus:text-accent-ink"
      >
        Skip to content
      </a>
      <header className="flex h-14 shrink-0 items-center gap-2 border-b border-line bg-surface pr-2 pl-2 md:pl-4">
        <Drawer />
        <Link
          to="/"
          aria-label="Mandrake, home"
          className="flex min-h-11 items-center gap-2 rounded-lg px-1"
        >
          <Logo />
          <span className="text-lg font-semibold tracking-tight">Mandrake</span>
        </Link>
        <span className="flex-1" />
        <ConnectionPill />
        <ThemeToggle />
      </header>
      <RehearsalBanner />
      <div className="flex min-h-0 flex-1">
        <aside className="hidden w-64 shrink-0 overflow-y-auto border-r border-line bg-surface md:block">
          <SideBar />
        </aside>
        <main id="page" tabIndex={-1} className="min-w-0 flex-1 overflow-y-auto outline-none">
          <Outlet />
        </main>
      </div>
    </div>
  );
}

function Drawer() {
  const { drawerOpen, setDrawerOpen } = useMandrakeStore();
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page closes the drawer
  useEffect(() => setDrawerOpen(false), [pathname, setDrawerOpen]);
  return (
    <Dialog.Root open={drawerOpen} onOpenChange={setDrawerOpen}>
      <Dialog.Trigger asChild>
        <Button variant="quiet" icon className="md:hidden" aria-label="Open navigation">
          <Menu size={20} aria-hidden />
        </Button>
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/50 md:hidden" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-y-0 left-0 z-50 w-[85vw] max-w-xs overflow-y-auto border-r border-line bg-surface pb-[env(safe-area-inset-bottom)] shadow-2xl md:hidden"
        >
          <Dialog.Title className="sr-only">Navigation</Dialog.Title>
          <SideBar />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
