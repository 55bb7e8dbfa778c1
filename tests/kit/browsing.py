"""Pages under test: what they are made of, whether they are whole in themselves, and how a real browser shows them."""

import html as entities
import json
import re
import shutil
import subprocess
import tempfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any


class Tags(HTMLParser):
    """Every tag with its attributes, and whether all that opens closes."""

    def __init__(self, html):
        super().__init__()
        self.found, self.open = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in {"meta", "link", "br", "path", "use", "rect"}:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag in {"path", "use", "rect"}:
            return
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag


def whole_in_itself(html: str) -> None:
    """It asks nothing of anybody else, and all that opens closes."""
    tags = Tags(html)
    assert tags.open == []
    assert not {"script", "iframe", "img", "object", "embed"} & {tag for tag, _ in tags.found}
    for tag, attributes in tags.found:
        for name in ("src", "href", "action", "srcset", "xlink:href"):
            value = attributes.get(name, "")
            assert value in {"", "data:,"} or value.startswith("#"), (tag, name, value)
    assert "@import" not in html
    assert re.findall(r"url\((?!#)", html) == []


def refers_to_itself(html: str) -> None:
    """Every id is one of a kind, and every reference has its target."""
    tags = Tags(html).found
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in tags:
        for name in ("aria-labelledby", "aria-describedby"):
            assert set((attributes.get(name) or "").split()) <= set(ids)
        if (attributes.get("href") or "").startswith("#"):
            assert attributes["href"][1:] in ids
    assert set(re.findall(r"url\(#([^)]+)\)", html)) <= set(ids)


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


def rendered(html: str, width: int, *, dark: bool) -> dict[str, Any]:
    """What a browser of that width says of the page, asked by a script in a copy of it."""
    probe = """<script>addEventListener("load", () => {
      const box = document.documentElement, plots = [...document.querySelectorAll("svg")];
      const texts = plots.flatMap(plot => [...plot.querySelectorAll("text")].map(text => {
        const inner = text.getBoundingClientRect(), outer = plot.getBoundingClientRect();
        return {height: inner.height, out: Math.max(outer.left - inner.left, inner.right - outer.right)};
      }));
      document.body.dataset.told = JSON.stringify({
        overflow: box.scrollWidth - box.clientWidth, width: box.clientWidth,
        narrowest: Math.min(...plots.map(plot => plot.getBoundingClientRect().width)),
        smallest: Math.min(...texts.map(text => text.height)), out: Math.max(...texts.map(text => text.out)),
        surface: getComputedStyle(box).backgroundColor,
        ink: plots.length ? getComputedStyle(document.querySelector("svg text")).fill : getComputedStyle(box).color,
      });
    })</script>"""
    copy = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html).replace("</head>", f"{probe}</head>")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page.html"
        file.write_text(copy, "utf-8")
        # A window is never narrower than 500: a phone is a frame inside of it.
        frame = Path(folder) / "frame.html"
        frame.write_text(
            f'<body><iframe src="page.html" width="{width}" height="900" style="border:0"></iframe>'
            "<script>onload = () => { document.body.dataset.told ="
            " document.querySelector('iframe').contentDocument.body.dataset.told }</script>"
        )
        done = subprocess.run(
            [
                *(CHROMIUM, *FLAGS, f"--user-data-dir={folder}/profile", "--allow-file-access-from-files"),
                *(f"--blink-settings=preferredColorScheme={0 if dark else 1}", f"--window-size={max(width, 500)},900"),
                *("--virtual-time-budget=5000", "--dump-dom", frame.as_uri()),
            ],
            capture_output=True,
            check=True,
            text=True,
            timeout=120,
        )
    told = re.search(r'<body data-told="([^"]+)"', done.stdout)
    assert told, done.stdout[:2000]
    return json.loads(entities.unescape(told[1]))
