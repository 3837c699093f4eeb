import { createSessionStore } from "./createSessionStore";

/** Sessions of the installation. */
export const useMandrakeSessionStore = createSessionStore();
