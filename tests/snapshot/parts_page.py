"""A page with 58 parts, of every kind that pages have: which of them does a capture hold?"""

from __future__ import annotations

from tests.loopback.wayback_answers import Answer

HTML = ("Content-Type", "text/html; charset=utf-8")
PIXEL = b"\x89PNG\r\n\x1a\n" + bytes(40)
WORDS = "<p>Those who stood at the quay told us how many went aboard that day, and who had counted them.</p>" * 12
TYPES = {
    "css": "text/css",
    "js": "text/javascript",
    "mjs": "text/javascript",
    "json": "application/json",
    "html": "text/html; charset=utf-8",
    "svg": "image/svg+xml",
    "mp4": "video/mp4",
    "mp3": "audio/mpeg",
    "vtt": "text/vtt",
    "pdf": "application/pdf",
    "woff2": "font/woff2",
}

PAGE = (
    """<!DOCTYPE html><html><head><meta charset="utf-8"><title>The quay</title>
<link rel="stylesheet" href="/p/main.css"><link rel="icon" href="/p/icon.png">
<link rel="apple-touch-icon" href="/p/touch.png"><link rel="manifest" href="/p/manifest.json">
<link rel="preload" as="style" href="/p/preload.css" onload="this.rel='stylesheet'">
<link rel="modulepreload" href="/p/early.mjs">
<style>@import "/p/imported.css"; .a { background: url(/p/inline-style.png) }
.b { background: image-set("/p/set1.png" 1x, "/p/set2.png" 2x) } .unused { background: url(/p/unused.png) }</style>
<script src="/p/classic.js"></script><script type="module" src="/p/module.mjs"></script>
<script type="module">import "/p/inline.mjs"; const later = await import("/p/dynamic.mjs");</script></head><body>
<h1>The quay</h1><img src="/p/img.png"><img src="/p/plain.png" srcset="/p/small.png 1x, /p/large.png 2x">
<img srcset="/p/w_400,h_300/comma.png 400w, /p/w_800,h_600/comma.png 800w" sizes="300px">
<picture><source srcset="/p/source.png" media="(min-width: 10px)"><img src="/p/fallback.png"></picture>
<img loading="lazy" src="/p/lazy.png" style="margin-top: 3000px"><img data-src="/p/data-src.png">
<img data-srcset="/p/data-set.png 1x"><div data-bg="/p/data-bg.png" style="height: 40px"></div>
<div class="a">a</div><div class="b">b</div><div style="background: url('/p/attribute.png')">c</div>
<iframe src="/p/frame.html"></iframe><iframe loading="lazy" src="/p/lazy-frame.html"></iframe>
<iframe srcdoc="<img src='/p/srcdoc.png'>"></iframe>
<video poster="/p/poster.png" src="/p/video.mp4"></video>
<video><source src="/p/source.mp4"><track default src="/p/t.vtt"></video>
<audio src="/p/sound.mp3"></audio><audio><source src="/p/source.mp3"></audio>
<object data="/p/object.svg" type="image/svg+xml"></object><embed src="/p/embed.svg" type="image/svg+xml">
<svg width="10" height="10"><image href="/p/svg-image.png" width="9" height="9"/><use href="/p/sprite.svg#a"/></svg>
<input type="image" src="/p/input.png">
<table background="/p/table.png"><tr><td background="/p/cell.png">t</td></tr></table>
<noscript><img src="/p/noscript.png"></noscript>
<a href="/p/report.pdf" download>The report</a>
<div id="late"></div>"""
    + WORDS
    + """<script>
fetch("/p/data.json").then(answer => answer.json()).then(() => {
  document.getElementById("late").innerHTML = "<img src='/p/from-script.png'>";
});
const request = new XMLHttpRequest(); request.open("GET", "/p/xhr.json"); request.send();
new Image().src = "/p/pixel.png";
addEventListener("scroll", () => { if (scrollY > 500 && !window.seen) { window.seen = 1; fetch("/p/scrolled.json") } });
</script></body></html>"""
).encode()

FILES = {
    "/p/main.css": b'@import "/p/second.css"; body { background: url(/p/body.png) } '
    b"@font-face { font-family: x; src: url(/p/font.woff2) } h1 { font-family: x }",
    "/p/second.css": b"h1 { background: url('/p/second.png') }",
    "/p/module.mjs": b'import { x } from "./dependency.mjs"; x();',
    "/p/dependency.mjs": b"export const x = () => 1;",
    "/p/frame.html": b'<link rel="stylesheet" href="/p/frame.css"><p>A post.</p><img src="/p/frame.png">',
    "/p/lazy-frame.html": b"<p>Another post.</p>",
    "/p/data.json": b'{"a": 1}',
    "/p/manifest.json": b"{}",
}
_PART_NAMES = """
    main.css second.css preload.css imported.css frame.css font.woff2 icon.png touch.png manifest.json
    early.mjs classic.js module.mjs dependency.mjs inline.mjs dynamic.mjs inline-style.png set1.png
    set2.png unused.png body.png second.png attribute.png img.png plain.png small.png large.png
    w_400,h_300/comma.png w_800,h_600/comma.png source.png fallback.png lazy.png data-src.png
    data-set.png data-bg.png frame.html lazy-frame.html frame.png srcdoc.png poster.png video.mp4
    source.mp4 t.vtt sound.mp3 source.mp3 object.svg embed.svg svg-image.png sprite.svg input.png
    table.png cell.png noscript.png data.json from-script.png xhr.json pixel.png scrolled.json
    report.pdf
"""
PARTS = tuple(_PART_NAMES.split())


def answer(method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
    """The page and its parts; 404 for anything else."""
    if target == "/page":
        return Answer(200, PAGE, (HTML,))
    if not target.startswith("/p/") or target.removeprefix("/p/") not in PARTS:
        return Answer(404, b"<title>Not found</title>", (HTML,))
    ending = target.rpartition(".")[2]
    content = FILES.get(target, b"" if ending in ("css", "js", "mjs") else PIXEL + target.encode())
    return Answer(200, content or b"/* */", (("Content-Type", TYPES.get(ending, "image/png")),))
