"""How sites behave, as answers to put into a `LoopbackWeb`: live, dead, moved, walled, parked, slow …"""

from __future__ import annotations

from collections.abc import Mapping

from tests.loopback.web import NOT_FOUND, Answer, Asked, Respond
from tests.loopback.web_pages import article, bare, page, prose


def site(pages: Mapping[str, Respond | Answer | bytes], otherwise: Respond | Answer = NOT_FOUND) -> Respond:
    """A site of several targets (path and query, or path alone); bytes are a page of status 200."""

    def respond(asked: Asked) -> Answer:
        found = pages.get(asked.target, pages.get(asked.path, otherwise))
        if isinstance(found, bytes):
            return Answer(body=found)
        return found if isinstance(found, Answer) else found(asked)

    return respond


def everywhere(answer: Answer | bytes) -> Respond:
    """One answer for every target."""
    fixed = Answer(body=answer) if isinstance(answer, bytes) else answer
    return lambda asked: fixed


def live(title: str = "Bridge reopened after repairs", words: int = 600) -> Respond:
    """An article at every path but invented ones, which get an honest 404; a home page at `/`."""

    def respond(asked: Asked) -> Answer:
        if asked.path == "/":
            return Answer(body=home())
        return NOT_FOUND if _invented(asked.path) else Answer(body=article(title, words, seed=asked.target))

    return respond


def _invented(path: str) -> bool:
    """Whether a path was made up by the sibling look: a name of 25 letters and digits, or a long number from 9."""
    name = path.rstrip("/").rpartition("/")[2].partition(".")[0]
    return (len(name) >= 25 and name.isalnum()) or (name.isdigit() and len(name) == 11 and name.startswith("9"))


def home(name: str = "The Loopback Herald") -> bytes:
    """A front page."""
    return page(name, f"<h1>{name}</h1>" + prose(150, name))


def dead(status: int = 404) -> Respond:
    """Every page gone, said honestly; the home page is there."""
    gone = Answer(status, bare("Not found", "The page does not exist."))
    return site({"/": home()}, gone)


def redirect(to: str | bytes, status: int = 301, *headers: tuple[str, str | bytes]) -> Answer:
    """A redirect."""
    return Answer(status, headers=(("Location", to), *headers))


def moved(to: str, title: str = "Bridge reopened after repairs", status: int = 301) -> Respond:
    """Every page but `to` redirects there; `to` is a path of the same site or a whole address."""
    return lambda asked: Answer(body=article(title)) if asked.target == to else redirect(to, status)


def blocked() -> Respond:
    """Cloudflare's challenge."""
    text = "<noscript>Enable JavaScript and cookies to continue</noscript><script>window._cf_chl_opt={}</script>"
    body = bare("Just a moment...", text)
    return everywhere(Answer(403, body, (("server", "cloudflare"), ("cf-mitigated", "challenge"))))


def soft_404() -> Respond:
    """Status 200 and an error page for everything but the home page."""
    return site({"/": home()}, Answer(body=page("Page not found | Herald", "<h1>Page not found</h1><p>Sorry.</p>")))


def parked() -> Respond:
    """A domain for sale."""
    script = '<script src="https://img.sedoparking.com/templates/x.js"></script>'
    return everywhere(bare("example.test - This domain is for sale", "Buy this domain. Related searches.", head=script))


def slow(seconds: float) -> Respond:
    """An article that takes its time."""
    return lambda asked: Answer(body=article("A slow day at the ferry"), delay=seconds)


def hangs() -> Respond:
    """Takes the request and never answers."""
    return lambda asked: Answer(raw=b"", then="hang")


def faulty(status: int = 503) -> Respond:
    """A server with a fault of its own."""
    return everywhere(Answer(status, bare("Service Unavailable", "")))


def rate_limited() -> Respond:
    """Asks everybody to come back later."""
    return everywhere(Answer(429, b"slow down"))


def paywalled() -> Respond:
    """A teaser."""
    return everywhere(page("Grain exports", "<h1>Grain exports</h1><p>Subscribe to continue reading.</p>" + prose(60)))


def login() -> Respond:
    """Sends everybody to a login form."""
    form = "<h1>Log in</h1><form><input name=u><input type=password name=p></form>"
    return site({"/login": page("Log in", form)}, redirect("/login?next=/", 302))
