"""Login, paywall, consent and geo-block; and full pages that carry their marks."""

from __future__ import annotations

from tests.loopback.web import Answer
from tests.loopback.web_behaviours import everywhere, home, login, redirect, site
from tests.loopback.web_pages import article, bare, page, prose
from tests.resolve.judge.rows import STORY, Row, row

_FORM = "<form action=/enter><input name=user><input type=password name=pass></form>"
_LOGIN = page("Log in", "<h1>Log in</h1>" + _FORM)
_NOT_FREE = '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>'
_BLOCKED_RU = bare("Доступ ограничен", "Доступ к информационному ресурсу ограничен. См. eais.rkn.gov.ru")


def _away(name: str, says: str, to: str, reason: str, landing: bytes | None = None) -> Row:
    host = to.split("/")[2]
    also = {host: everywhere(landing)} if landing else {}
    return row(name, says, lambda asked: redirect(to, 302), reason, also=also)


ROWS: list[Row] = [
    row("to-login", "sent to a form", login(), "login-required"),
    row(
        "to-login-next",
        "sent to a form that knows the way back",
        site({STORY: redirect(f"/accounts/login/?next={STORY}", 302), "/accounts/login/": _LOGIN}),
        "login-required",
    ),
    _away("sso", "sent to another site's login", "http://login.microsoftonline.com/common/x", "login-required", _LOGIN),
    _away(
        "sso-google",
        "sent to a login that cannot be reached",
        "http://accounts.google.com/ServiceLogin?c=1",
        "login-required",
    ),
    row("form-everywhere", "a login form under every address", everywhere(_LOGIN), "login-required"),
    row(
        "pdf-login",
        "a login form where a file was",
        everywhere(page("Library", "<p>Members</p>" + _FORM)),
        "login-required",
        path="/x/report.pdf",
    ),
    row(
        "login-ru",
        "a login form, in Russian",
        everywhere(page("Вход в систему", "<h1>Вход</h1>" + _FORM)),
        "login-required",
    ),
    row("login-box", "an article with a login box", article("Tram line extended", 1500, extra=_FORM), "ok", requests=1),
    row(
        "login-box-short",
        "a short article with a login box",
        article("Tram line extended", 120, extra=_FORM),
        "ok",
        requests=1,
    ),
    row(
        "about-login",
        "an article about logins",
        article("Log in or stay out: how states police the net", 500),
        "ok",
        requests=1,
    ),
    row(
        "sso-bounce",
        "through a login service and back",
        lambda asked: (
            Answer(body=article("Budget passed"))
            if "ok=1" in asked.target
            else redirect("http://sso.bounce.test/check", 302)
        ),
        "redirected",
        also={"sso.bounce.test": lambda asked: redirect(f"http://sso-bounce.test{STORY}?ok=1", 302)},
    ),
    row("teaser", "a teaser, declared not free", page("Exports fall", prose(90), head=_NOT_FREE), "paywall"),
    row(
        "subscribe",
        "a teaser that asks for a subscription",
        page("Exports fall", prose(120) + "<p>Subscribe to continue reading</p>"),
        "paywall",
    ),
    row(
        "subscribe-ru",
        "a teaser, in Russian",
        page("Экспорт", prose(80, language="ru") + "<p>Полный текст доступен по подписке</p>"),
        "paywall",
    ),
    row(
        "full-not-free",
        "all of the text, declared not free",
        article("Exports fall", 900, head=_NOT_FREE),
        "ok",
        requests=1,
    ),
    row(
        "about-paywalls",
        "an article about paywalls",
        article("Subscribers only: the end of free news", 700),
        "ok",
        requests=1,
    ),
    _away(
        "consent-youtube",
        "sent to a consent page",
        "http://consent.youtube.com/m?continue=x",
        "consent-wall",
        bare("Before you continue to YouTube", ""),
    ),
    _away(
        "consent-yahoo",
        "sent to a consent page",
        "http://guce.yahoo.com/consent?x",
        "consent-wall",
        page("Yahoo", prose(200)),
    ),
    row(
        "privacy-gate",
        "sent to a gate of the same site",
        site({STORY: redirect("/privacy-gate/?x", 302), "/privacy-gate/": page("Privacy", prose(80))}),
        "consent-wall",
    ),
    row(
        "banner",
        "an article under a cookie banner",
        article("Harbour dredged", 700, extra="<div>We value your privacy. Accept all cookies?</div>"),
        "ok",
        requests=1,
    ),
    # geo
    row(
        "country",
        "not shown in this country",
        everywhere(Answer(200, bare("Unavailable", "This content is not available in your country or region."))),
        "geo-blocked",
    ),
    row(
        "eea",
        "451 for Europe",
        everywhere(Answer(451, bare("451", "We are unavailable in the European Economic Area."))),
        "geo-blocked",
    ),
    row(
        "eea-200",
        "the same with 200",
        everywhere(bare("Sorry", "This site is currently unavailable to visitors from the European Economic Area.")),
        "geo-blocked",
    ),
    row(
        "eea-403",
        "the same with 403",
        everywhere(Answer(403, bare("Sorry", "This content is not available in your region."))),
        "geo-blocked",
    ),
    row(
        "ministry",
        "a bare refusal by a ministry",
        Answer(403, bare("403 Forbidden", "nginx")),
        "geo-blocked",
        url=f"http://minjust.gov.by{STORY}",
        also={"minjust.gov.by": everywhere(Answer(403, b"Forbidden"))},
    ),
    _away("rkn-provider", "a provider's block page", "http://warning.rt.ru/?id=3", "geo-blocked", _BLOCKED_RU),
    _away("mts-by", "a provider's block page", "http://internet.mts.by/blocked/", "geo-blocked", bare("MTS", "x")),
    _away("a1-by", "a provider's block page that cannot be reached", "http://www.a1.by/mininfo/", "geo-blocked"),
    row("rkn-body", "a provider's block page in place", everywhere(_BLOCKED_RU), "geo-blocked"),
    row(
        "about-rkn",
        "an article that links to the register",
        article(
            "Who blocks what",
            1500,
            extra='<a href="https://eais.rkn.gov.ru/">eais.rkn.gov.ru</a> Доступ к информационному ресурсу ограничен',
        ),
        "ok",
        requests=1,
    ),
    row(
        "about-geo",
        "an article about geo-blocks",
        article("“Not available in your country”: maps of the split net", 600),
        "ok",
        requests=1,
    ),
    row("front-login", "the front page, with a box", everywhere(home()), "ok", path="/"),
]
