"""Notices of trouble that passes, of guards and of consent, whose words sound like loss; and live pages about them."""

from __future__ import annotations

from tests.loopback.web import Answer
from tests.loopback.web_behaviours import everywhere
from tests.loopback.web_pages import article, page
from tests.resolve.judge.rows import Row, row

# A page that cannot be shown for the time being, in several languages.
_PASSING = {
    "en": "The page is temporarily not available. Please try again.",
    "de": "Die Seite ist vorübergehend nicht verfügbar. Bitte versuchen Sie es später erneut.",
    "es": "La página no está disponible temporalmente.",
    "pl": "Strona jest tymczasowo niedostępna.",
    "nl": "De pagina is tijdelijk niet beschikbaar.",
    "ru": "Запрашиваемая страница временно недоступна.",
    "ar": "الصفحة غير متاحة مؤقتا",
    "zh": "抱歉，页面暂时无法访问，找不到内容。",
    "ja": "一時的にページが見つかりません。",
}
# What firewalls say of a page that they keep back.
_GUARDED = {
    "fortinet": "The page cannot be displayed. Please contact the administrator. Attack ID: 20000051",
    "incident": "This page can't be displayed. Contact support. The incident ID is: 1234567.",
    "ru": "Страница недоступна: система безопасности сайта отклонила обращение.",
    "zh": "很抱歉，由于您访问的网址有可能对网站造成安全威胁，您的访问被阻断。",
    "policy": "The page was blocked in accordance with company policy and cannot be found on this network.",
}
_CONSENT = {
    "de": ("Wir und unsere 842 Partner speichern Informationen auf einem Gerät", "Alle akzeptieren"),
    "fr": ("Le Quai et ses partenaires utilisent des cookies", "Accepter et continuer"),
    "pl": ("My i nasi partnerzy przechowujemy dane na urządzeniach", "Zgadzam się"),
    "ru": ("Мы и наши партнёры храним данные на вашем устройстве", "Принять все"),
}
_NEWS = "The council closed the page of the lost ferry to visitors for a week and said why on Tuesday evening. "


def _notice(text: str, language: str = "en", extra: str = "") -> bytes:
    return page("The Quay", f"<p>{text}</p>{extra}", language=language)


def _list() -> str:
    return (
        "<ul>"
        + "".join(f"<li><a href=/n/{number}>Barge {number} at the pier</a></li>" for number in range(30))
        + "</ul>"
    )


def _store(code: str) -> Answer:
    body = f'<?xml version="1.0"?><Error><Code>{code}</Code><Message>No such thing here.</Message></Error>'
    return Answer(body=body.encode(), headers=(("Content-Type", "application/xml"),))


ROWS: list[Row] = [
    *(
        row(
            f"passing-{language}",
            "a page that is away for a while",
            everywhere(_notice(text, language)),
            "server-error",
        )
        for language, text in _PASSING.items()
    ),
    *(
        row(
            f"passing-listed-{language}",
            "the same above a list, under every address",
            everywhere(_notice(_PASSING[language], language, _list())),
            "server-error",
        )
        for language in ("en", "de", "ru")
    ),
    row(
        "passing-banner",
        "a banner about a page, above an article",
        article("Dues", 300, extra=f"<p>{_PASSING['en']}</p>"),
        "ok",
    ),
    row("passing-story", "an article about a page", article("The page is temporarily not available", 120), "ok"),
    *(
        row(f"guarded-{name}", "a firewall's notice that sounds like loss", everywhere(_notice(text)), "blocked")
        for name, text in _GUARDED.items()
    ),
    row(
        "guarded-story", "an article about such notices", article("Web page blocked", extra=f"<p>{_NEWS * 3}</p>"), "ok"
    ),
    *(
        row(
            f"consent-button-{language}",
            "consent is asked for above, and given by a button below",
            everywhere(
                _notice(f"{text}.", language, f"<button>{button}</button>").replace(b"<p>", b"<h1>Quay</h1><p>")
            ),
            "consent-wall",
        )
        for language, (text, button) in _CONSENT.items()
    ),
    row(
        "consent-story",
        "a short article with a banner about partners and cookies",
        article("Ferry", 12, extra=f"<p>{_NEWS}</p>", seed="x").replace(
            b"</main>", b"</main><div>We and our partners store cookies on your device. <button>Accept</button></div>"
        ),
        "ok",
    ),
    row("blob-lost", "a store of Azure that has no such file", _store("BlobNotFound"), "soft-404", broken=True),
    row(
        "text-behind-prefix",
        "a heading whose place a script finds",
        _notice("<b id=user-content-dues>x</b>" + _NEWS * 9),
        "ok",
        path="/guide#Dues",
    ),
    row(
        "frame-of-ads",
        "the place that a frame of advertisements leaves in addresses",
        _notice(_NEWS * 9),
        "ok",
        path="/guide#google_vignette",
    ),
]
