"""Text as people read it: the same at the end of the stream and after a reload."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from mandrake.testing.llm_server import Answer
from tests.browser.support import (
    ScriptedModel,
    Server,
    last_response,
    open_and_wait,
    send,
)

pytestmark = pytest.mark.browser

RICH = """\
# Tides

| Day    | High water |
|--------|-----------:|
| Monday | 03:12      |

- [x] read the table
- [ ] tell the next tide

Tides follow the moon[^1].

> [!WARNING]
> Mind the rocks.

```python
def tide(day: str) -> str:
    return table[day][0]
```

The height is

$$h(t) = a \\cos(\\omega t)$$

```mermaid
flowchart LR
  Moon --> Tide
```

![A harbour](https://images.invalid/harbour.png)

[^1]: And the sun.
"""


@pytest.mark.requirement("U16")
def test_every_kind_of_markdown_reads_the_same_after_the_stream_and_after_a_reload(
    page: Page, server: Server, model: ScriptedModel
):
    foreign: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith((server.origin, "data:", "blob:")):
            foreign.append(request.url)

    page.on("request", note)
    pieces = [RICH[start : start + 5] for start in range(0, len(RICH), 5)]
    prompt = model.on("Show all that Markdown can", Answer(text=pieces, pace_ms=3))
    open_and_wait(page, server, server.new_session())
    send(page, prompt)

    response = last_response(page)
    _expect_everything(response)
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    before = response.inner_text()
    _copy_works(page, response)
    _diagram_shows_its_source(response)

    page.reload()
    _expect_everything(last_response(page))
    expect(last_response(page)).to_have_text(before, use_inner_text=True)
    assert foreign == []


def test_text_is_formatted_while_it_is_written(page: Page, server: Server, model: ScriptedModel):
    middle = RICH.index("    return table")
    prompt = model.on("Stop in mid-code", Answer(text=[RICH[:middle], "."], hang_after=1))
    open_and_wait(page, server, server.new_session())
    send(page, prompt)
    response = last_response(page)
    expect(response.get_by_role("heading", name="Tides")).to_be_visible()
    expect(response.get_by_role("cell", name="03:12")).to_be_visible()
    code = response.get_by_role("figure", name="Code: python")
    expect(code).to_contain_text("def tide")
    # Colours come when the fence has closed: what is not yet written would change them.
    expect(code.locator("span[style]")).to_have_count(0)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    expect(code.locator("span[style]").first).to_be_visible()


def _expect_everything(response: Locator) -> None:
    cell = response.get_by_role("table").get_by_role("cell", name="03:12")
    expect(cell).to_be_visible()
    boxes = response.get_by_role("checkbox")
    expect(boxes).to_have_count(2)
    expect(boxes.first).to_be_checked()
    expect(boxes.last).not_to_be_checked()
    expect(response.get_by_role("note")).to_contain_text("Mind the rocks.")
    expect(response.locator("[data-footnotes]")).to_contain_text("And the sun.")
    code = response.get_by_role("figure", name="Code: python")
    expect(code.locator("span[style]", has_text="return").first).to_be_visible()
    expect(response.locator(".math-display .katex")).to_be_visible()
    expect(response.get_by_role("img", name="Diagram").locator("svg")).to_contain_text("Moon")
    image = response.get_by_role("link", name=re.compile("Open image in a new tab: A harbour"))
    expect(image).to_have_attribute("rel", re.compile("noreferrer"))
    expect(response.locator("img")).to_have_count(0)


def _copy_works(page: Page, response: Locator) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    code = response.get_by_role("figure", name="Code: python")
    code.get_by_role("button", name="Copy code").click()
    expect(code.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied == "def tide(day: str) -> str:\n    return table[day][0]"


def _diagram_shows_its_source(response: Locator) -> None:
    figure = response.get_by_role("figure", name="Code: mermaid")
    toggle = figure.get_by_role("button", name="Show source")
    toggle.click()
    expect(figure.locator("pre")).to_contain_text("Moon --> Tide")
    toggle.click()
    expect(figure.get_by_role("img", name="Diagram")).to_be_visible()
