import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it } from "vitest";
import { useMandrakeStore } from "@/stores/mandrake";
import { answerFetch } from "@/test/fixtures";
import { SignInGate } from "./SignInGate";
import { readCode, takeCodeFromAddress } from "./signInCode";

let restore: () => void = () => {};
afterEach(() => {
  restore();
  useMandrakeStore.setState({ signedOut: false });
});

describe("sign-in", () => {
  it("reads the code from a link or as it is", () => {
    expect(readCode("http://mandrake.localhost:4000/#code=ab-C_1234")).toBe("ab-C_1234");
    expect(readCode("  ab-C_1234 ")).toBe("ab-C_1234");
    expect(readCode("two words")).toBeNull();
    expect(readCode("")).toBeNull();
  });

  it("takes the code out of the address", () => {
    history.replaceState(null, "", "/workspaces/demo#code=secret99");
    expect(takeCodeFromAddress()).toBe("secret99");
    expect(location.href).not.toContain("secret99");
    expect(location.pathname).toBe("/workspaces/demo");
  });

  it("leads a stranger to `mandrake open` and in with the pasted link", async () => {
    let signedIn = false;
    const fetched = answerFetch((call) => {
      if (call.path === "/sign-in") {
        signedIn = (call.body as { code: string }).code === "goodcode";
        return signedIn ? { status: 204 } : { status: 401, body: { code: "unauthenticated" } };
      }
      return signedIn
        ? { body: { principal: {}, organization: {} } }
        : { status: 401, body: { code: "unauthenticated" } };
    });
    restore = fetched.restore;
    const user = userEvent.setup();
    render(
      <QueryClientProvider
        client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}
      >
        <SignInGate problem={null}>
          <p>Inside</p>
        </SignInGate>
      </QueryClientProvider>,
    );
    expect(await screen.findByText("mandrake open")).toBeInTheDocument();
    const box = screen.getByRole("textbox", { name: "Link or code" });
    await user.type(box, "http://mandrake.localhost:4000/#code=usedcode");
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("used before");
    await user.clear(box);
    await user.type(box, "goodcode{Enter}");
    expect(await screen.findByText("Inside")).toBeInTheDocument();
  });
});
