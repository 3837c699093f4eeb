// What the whole application shares and no route answers: the sign-in state, the state of the
// connection, the drawer.

import { create } from "zustand";
import type { SocketStatus } from "@/api/socket";

interface MandrakeState {
  connection: SocketStatus;
  /** True after the server said so once; pages then give way to the sign-in page. */
  signedOut: boolean;
  drawerOpen: boolean;
  setConnection: (connection: SocketStatus) => void;
  setSignedOut: (signedOut: boolean) => void;
  setDrawerOpen: (drawerOpen: boolean) => void;
}

export const useMandrakeStore = create<MandrakeState>()((set) => ({
  connection: "idle",
  signedOut: false,
  drawerOpen: false,
  setConnection: (connection) => set({ connection }),
  setSignedOut: (signedOut) => set({ signedOut }),
  setDrawerOpen: (drawerOpen) => set({ drawerOpen }),
}));
