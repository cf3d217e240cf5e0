"""More variants by one who had not read the rules: guards, gates, domains for sale and what was written about them."""

from __future__ import annotations

from tests.loopback.web import Answer
from tests.loopback.web_behaviours import everywhere, site
from tests.loopback.web_pages import article, bare, page, prose
from tests.resolve.judge.rows import STORY, Row, row
from tests.resolve.judge.rows.platform import endpoint_row


def _wall(name: str, says: str, status: int, body: bytes, *headers: tuple[str, str], reason: str = "blocked") -> Row:
    return row(name, says, everywhere(Answer(status, body, headers)), reason)


def _teaser(code: str, sentence: str) -> Row:
    text = f"<article><h1>Grain</h1>{prose(45)}<p>{sentence}</p></article>"
    return row(f"teaser-{code}", f"a teaser and a notice in {code}", page("Grain", text, language=code), "paywall")


_SALE = "<h1>herald.test is for sale</h1><p>Buy this domain. Related searches.</p>"
_MENU = "<nav>Home News Politics Society Economy Culture Sport Opinion Video</nav>"
_YOGA = "<p>Breathe in, stretch and relax; our teachers welcome you on the mat each evening with tea and candles.</p>"

ROWS: list[Row] = [
    _wall(
        "siteground",
        "a page that sends its visitors to a captcha",
        202,
        bare("Robot", "", head='<meta http-equiv="refresh" content="0;/.well-known/sgcaptcha/?r=%2F">'),
        ("sg-captcha", "challenge"),
    ),
    _wall("fastly", "a client challenge", 406, bare("Client Challenge", '<script src="/_fs-ch-1T/x.js"></script>')),
    _wall("kasada-429", "a script on 429", 429, b"<html><script>window.KPSDK={};</script></html>"),
    _wall("verify-zh", "a check in Chinese", 200, bare("安全验证", "请完成下方验证后继续操作")),
    row(
        "404-behind-imperva",
        "the site's own 404 behind a guard",
        everywhere(Answer(404, bare("Not found", ""), (("x-iinfo", "1-2"), ("x-datadome", "protected")))),
        "not-found",
        broken=True,
    ),
    _wall(
        "foreign-ip-ru",
        "no visitors from abroad",
        403,
        bare("Доступ запрещён", "Доступ к сайту с зарубежных IP-адресов ограничен."),
        reason="geo-blocked",
    ),
    _wall(
        "cloudfront-country",
        "a network that keeps a country out",
        403,
        bare("ERROR", "The distribution is configured to block access from your country."),
        reason="geo-blocked",
    ),
    _wall("order-uk", "blocked by an order", 200, bare("Доступ до сайту обмежено", "РНБО"), reason="geo-blocked"),
    _wall(
        "frame-ir",
        "a filter's frame",
        200,
        b'<iframe src="http://10.10.34.34?type=Invalid"></iframe>',
        reason="geo-blocked",
    ),
    _wall(
        "name-first",
        "a login that asks for the name first",
        200,
        bare("Log in", "<form><input type=email name=email><button>Continue</button></form>"),
        reason="login-required",
    ),
    _wall(
        "saml",
        "a form that leads to a login by itself",
        200,
        b'<form method=post><input type=hidden name="SAMLRequest"></form><script>submit()</script>',
        reason="login-required",
    ),
    _wall(
        "pay-or-consent",
        "pay or consent",
        200,
        bare("Zustimmung", "Mit Werbung und Cookies weiterlesen oder Pur-Abo abschließen."),
        reason="consent-wall",
    ),
    _teaser("ru", "Этот материал доступен только подписчикам."),
    _teaser("es", "Este contenido es exclusivo para suscriptores."),
    _teaser("et", "Artikkel on tellijatele. Telli ja loe edasi."),
    _teaser("uk", "Матеріал доступний лише передплатникам."),
    *(
        row(
            f"sale-{status}",
            f"for sale, with status {status}",
            everywhere(Answer(status, _SALE.encode())),
            "parked",
            broken=True,
        )
        for status in (403, 404)
    ),
    row(
        "sale-by",
        "a domain without name servers",
        everywhere(bare("herald.by", "Домен herald.by не делегирован")),
        "parked",
        broken=True,
    ),
    row(
        "taken-same-menu",
        "another owner with the menu that all sites have",
        everywhere(page("Sunny Yoga", _MENU + "<h1>Yoga</h1>" + _YOGA * 20)),
        "hijacked",
        broken=True,
        copy=page("Detained in spring | Rights Desk", _MENU + "<h1>Detained</h1>" + prose(400, "ngo")),
    ),
    endpoint_row(
        "tg-channel-gone",
        "a post of a channel that is gone",
        "https://t.me/gonechannel/7",
        "t.me/gonechannel/7?embed=1",
        b'<div class="tgme_widget_message_error">Channel with username <b>@gonechannel</b> not found</div>',
        "not-found",
        broken=True,
    ),
    row(
        "refresh-header",
        "a Refresh header",
        site(
            {STORY: Answer(200, b"<p></p>", (("Refresh", "0; url=/new/story-12"),)), "/new/story-12": article("Ferry")}
        ),
        "moved-permanently",
    ),
    row(
        "php-fault",
        "a fault of the program, with status 200",
        everywhere(b"<b>Fatal error</b>: Uncaught mysqli_sql_exception: Too many connections in /var/www/db.php"),
        "server-error",
    ),
    # and the pieces about them, short ones
    *(
        row(f"piece-{number}", f"a short piece: {title}", article(title, 60, extra=f"<p>{lead}</p>"), "ok")
        for number, (title, lead) in enumerate(
            (
                ("Just a moment... how guards check browsers", "“Checking your browser,” it says."),
                ("Доступ к сайту ограничен: ведомство заблокировало три издания", "Это третий случай за год."),
                ("“Not available in your region”: films Europe cannot see", "Nobody says why."),
                ("Subscribe to continue reading: the rise of the paywall", "Readers pay."),
                ("Nur für Abonnenten: Verlage bauen Schranken", "Leser zahlen."),
            )
        )
    ),
    _wall("200-403", "a refusal with status 200", 200, bare("403 Forbidden", "nginx")),
    _wall(
        "403-form",
        "a login form with status 403",
        403,
        bare("Sign in", "<form><input name=u><input type=password></form>"),
        reason="login-required",
    ),
    row(
        "lot-beside",
        "a short notice beside an article for subscribers",
        page(
            "Ferry notice",
            "<h1>Ferry notice</h1><p>Ferries stop at ten from Monday, the port said; tickets stay valid to the end of"
            " May and may be given back.</p><aside><a href=/x>Long read</a> <span>Subscribers only</span></aside>",
        ),
        "ok",
    ),
    row(
        "player",
        "a short article whose player shows nothing abroad",
        article("Convoy at the bridge", 70, extra="<div>This video is not available in your region.</div>"),
        "ok",
    ),
    row(
        "film-404",
        "a film called like an error",
        page("Error 404 (film)", "<h1>Error 404</h1><p>The lead was not found for a year.</p>" + prose(70)),
        "ok",
    ),
    row(
        "decree-404",
        "a decree with that number",
        page("Decree 404", "<h1>Decree 404</h1><p>Item 3 was removed.</p>"),
        "ok",
    ),
    row("year-404", "a stub on a year", page("404", "<h1>404</h1><p>A leap year; a consul was sent home.</p>"), "ok"),
    row(
        "struck-off",
        "a register's card of one who was struck off",
        page("Запись 77", "<h1>Запись 77</h1><p>Организация удалена из реестра по решению суда.</p>"),
        "ok",
        path="/registry/77",
    ),
]
