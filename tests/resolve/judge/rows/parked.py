"""Domains for sale, domains taken over, and articles about both."""

from __future__ import annotations

from tests.loopback.web import Answer, Site
from tests.loopback.web_behaviours import everywhere, parked
from tests.loopback.web_pages import article, bare, page, prose
from tests.resolve.judge.rows import STORY, Row, row

_NGO = page(
    "Detained in spring: the list | Human Rights Desk",
    "<article><h1>Detained in spring: the list</h1>" + prose(500, "ngo") + "</article>",
    head='<meta property="og:site_name" content="Human Rights Desk">',
)
_CASINO = page(
    "Situs Slot Gacor Maxwin",
    "<h1>Slot gacor hari ini</h1>"
    + "<p>Daftar judi online, casino, togel dan slot online terpercaya dengan bonus new member.</p>" * 30,
    language="id",
)
_BAKERY = (
    "<html><head><title>Rye and Butter</title></head><body><h1>Our sourdough</h1>"
    + "<p>Flour, water, patience and a warm oven make the loaves we sell each morning.</p>" * 30
    + "</body></html>"
).encode()
_SALE = bare("Buy this domain", "This domain is for sale. Related searches.")

ROWS: list[Row] = [
    row("for-sale", "for sale, with a parking script", parked(), "parked", broken=True),
    row(
        "sale-ru",
        "for sale, in Russian",
        everywhere(bare("Домен припаркован", "Домен зарегистрирован и обслуживается в REG.RU.")),
        "parked",
        broken=True,
    ),
    row(
        "expired-ru",
        "expired, in Russian",
        everywhere(bare("Срок регистрации домена истёк", "Продлите домен.")),
        "parked",
        broken=True,
    ),
    row(
        "lander",
        "300 bytes that lead to a lander",
        everywhere(b'<html><head><script>window.location.href="/lander"</script></head></html>'),
        "parked",
        broken=True,
    ),
    row(
        "key",
        "a parking company's key and script",
        everywhere(
            b'<html data-adblockkey="MFwwDQ"><head><title>key.test</title></head><body><div id="target"></div>'
            b'<script>window.park = "e30";</script><script src="/bXY.js"></script></body></html>'
        ),
        "parked",
        broken=True,
    ),
    row(
        "marketplace",
        "sent on to a marketplace",
        lambda asked: Answer(302, headers=(("Location", "http://www.hugedomains.com/domain_profile.cfm?d=x"),)),
        "parked",
        broken=True,
        also={"www.hugedomains.com": everywhere(page("x.com is for sale | HugeDomains", prose(300)))},
    ),
    row(
        "mismatch-parked",
        "a certificate for another name, and a parking page without",
        Site(everywhere(_SALE), certificate="mismatch"),
        "parked",
        broken=True,
        url=f"https://mismatch-parked.test{STORY}",
    ),
    row(
        "about-sale",
        "an article about the sale of a domain",
        article("This domain is for sale: a trade of its own", 1200),
        "ok",
    ),
    row(
        "about-sale-short",
        "a short piece about the sale of a domain",
        article("Party's domain is for sale", 120, extra="<p>“This domain is for sale,” the page said.</p>"),
        "ok",
    ),
    row(
        "about-parking",
        "an article that shows a parking company's script",
        article("How parking works", 600, extra="<pre>&lt;script src=//sedoparking.com/x.js&gt;</pre>"),
        "ok",
        requests=1,
    ),
    row("taken-casino", "a rights group's page, now a casino", everywhere(_CASINO), "hijacked", broken=True, copy=_NGO),
    row(
        "taken-bakery",
        "a rights group's page, now an honest bakery",
        everywhere(_BAKERY),
        "hijacked",
        broken=True,
        copy=_NGO,
    ),
    row(
        "injected",
        "the old article, with hidden casino links",
        article(
            "Detained in spring",
            700,
            extra='<div style="display:none"><a href="http://x.test">slot gacor casino online</a></div>',
        ),
        "ok",
    ),
    row(
        "about-casino",
        "an investigation into casinos",
        article("Who owns the casino at the border", 800),
        "ok",
        requests=1,
    ),
]
