import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { type ApiProblem, asProblem, setUnauthenticatedListener } from "@/api/client";
import { socket, watchBrowser } from "@/api/socket";
import { App } from "@/app/App";
import { exchangeCode } from "@/features/sign-in/exchangeCode";
import { takeCodeFromAddress } from "@/features/sign-in/signInCode";
import { useMandrakeStore } from "@/stores/mandrake";
import { watchTheme } from "@/stores/theme";
import "./styles.css";

watchTheme();
watchBrowser(socket);
socket.onStatus((status) => useMandrakeStore.getState().setConnection(status));
setUnauthenticatedListener(() => {
  socket.close();
  useMandrakeStore.getState().setSignedOut(true);
});

// A new link opened in a tab that shows Mandrake already changes only the fragment.
window.addEventListener("hashchange", () => {
  if (/[#&]code=/.test(location.hash)) location.reload();
});

async function start(): Promise<void> {
  let problem: ApiProblem | null = null;
  const code = takeCodeFromAddress();
  if (code !== null) {
    try {
      await exchangeCode(code);
    } catch (error) {
      problem = asProblem(error);
    }
  }
  const root = document.getElementById("root");
  if (!root) throw new Error("index.html has no element `root`");
  createRoot(root).render(
    <StrictMode>
      <App signInProblem={problem} />
    </StrictMode>,
  );
}

void start();
