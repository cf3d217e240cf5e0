"""Guards, blocks by country and misprints as others would write them; and live pages that use the same words."""

from __future__ import annotations

from tests.loopback.web import NOT_FOUND, Answer, Asked
from tests.loopback.web_behaviours import everywhere, home, redirect, site
from tests.loopback.web_pages import article, bare, page, prose
from tests.resolve.judge.rows import STORY, Row, row

_STORY = article("Seed potatoes arrive late", 500)
_CF = ("server", "cloudflare")


def _away(name: str, says: str, to: str, landing: bytes) -> Row:
    host = to.split("/")[2]
    return row(name, says, lambda asked: redirect(to, 302), "blocked", also={host: everywhere(landing)})


def _geo(name: str, says: str, title: str, text: str, status: int = 200) -> Row:
    return row(name, says, everywhere(Answer(status, bare(title, text))), "geo-blocked")


def _short(name: str, says: str, title: str, text: str, *headers: tuple[str, str]) -> Row:
    """A live page of few words, which nothing declares an article."""
    return row(name, says, Answer(200, page(title, f"<h1>{title}</h1><p>{text}</p>{prose(60)}"), headers), "ok")


def _amp(asked: Asked) -> Answer:
    return Answer(body=_STORY) if asked.target == "/a?id=12&page=3" else NOT_FOUND


ROWS: list[Row] = [
    _away(
        "radware",
        "sent to a captcha on another host",
        "http://validate.perfdrive.com/x/captcha?ssa=1",
        bare("Radware Captcha Page", "Solve it."),
    ),
    _away(
        "waiting-room",
        "sent into a waiting room",
        "http://herald.queue-it.net/?c=herald&e=x",
        bare("You are in line", ""),
    ),
    row(
        "captcha-path",
        "sent to a captcha of the site's own",
        site({STORY: redirect(f"/captcha/?back={STORY}", 302), "/captcha/": bare("A few letters", "Type them.")}),
        "blocked",
    ),
    row(
        "stormwall",
        "a script and a cookie",
        everywhere(Answer(200, bare("", "", head="<script>go()</script>"), (("set-cookie", "swp_token=1; path=/"),))),
        "blocked",
    ),
    row("imunify", "a waiting page", everywhere(bare("One moment, please...", "We look at your request.")), "blocked"),
    row(
        "cloudflare-1015",
        "too many requests for the network in front",
        everywhere(Answer(429, bare("Access denied", "You are being rate limited. Error 1015"), (_CF,))),
        "rate-limited",
    ),
    _geo("eea-country", "Europe by its long name", "Sorry", "You access this site from a country of the EEA."),
    _geo("order-tr", "a regulator's decision", "Erişim engellendi", "Bu site hakkında BTK kararı uygulanmaktadır."),
    _geo("order-by", "a ministry's decision", "Доступ ограничен", "Доступ к этому ресурсу ограничен."),
    _geo("order-kz", "within a country", "Доступ ограничен", "Доступ к интернет-ресурсу ограничен в республике."),
    _geo(
        "order-in", "a court's order", "Notice", "This site has been blocked as per the directions of the court order."
    ),
    _geo(
        "order-ru",
        "a decision of authorities",
        "Ресурс недоступен",
        "Сайт заблокирован по решению уполномоченного органа.",
    ),
    _geo(
        "abroad-ru", "not from abroad", "Доступ запрещён", "Запросы из-за пределов Российской Федерации отклонены.", 403
    ),
    _geo("home-only", "at home alone", "Видео", "Видео доступно только на территории страны.", 403),
    row(
        "country-1009",
        "the network in front keeps a country out",
        everywhere(
            Answer(403, bare("Access denied", "The owner has banned the country or region of your IP."), (_CF,))
        ),
        "geo-blocked",
    ),
    row(
        "refresh-alone",
        "a Refresh header and nothing else",
        site({STORY: Answer(200, b"", (("Refresh", "0; url=/new/story-12"),)), "/new/story-12": _STORY, "/": home()}),
        "moved-permanently",
    ),
    row(
        "space-behind", "an escaped space behind the address", site({"/news/seed": _STORY}), "ok", path="/news/seed%20"
    ),
    row("amp", "an address escaped for a page", _amp, "moved-permanently", path="/a?id=12&amp;page=3"),
    # live pages that use the same words
    _short("ships-home", "a shop's terms", "Доставка", "Доставляем только по территории России, в том числе в Крым."),
    _short("law-below", "a law in small print", "Контакты", "Сайт работает по закону 149-ФЗ. Пишите нам."),
    _short("not-in-eu", "a medicine's card", "Heptazol", "This medicine is not authorised outside the European Union."),
    _short("reserve", "a nature reserve", "The reserve", "The region is restricted to visitors in spring."),
    _short("emigrants", "a page on emigrants", "Дыяспара", "Многие живут за пределами Беларуси."),
    _short("visa", "a page on visas", "Visas", "Travellers from a country in the European Union need none."),
    _short(
        "imunify-live",
        "a site behind a guard",
        "Opening hours",
        "Daily from ten.",
        ("server", "imunify360-webshield/1"),
    ),
    _short("swp-live", "the same behind another", "Parking", "In the yard.", ("set-cookie", "swp_token=1")),
    row(
        "captcha-tag",
        "an article whose new address holds the word",
        site({STORY: redirect("/tag/captcha/story-12"), "/tag/captcha/story-12": article("Letters nobody reads", 500)}),
        "moved-permanently",
    ),
    row("about-queue", "a short piece on waiting rooms", article("You are in line: queue-it.net and you", 120), "ok"),
    row("about-radware", "a short piece on Radware", article("Radware Page: who guards the guards", 120), "ok"),
    row("about-1015", "a short piece on an error", article("You are being rate limited: error 1015", 120), "ok"),
    row("about-moment", "a short piece on waiting", article("One moment, please", 120), "ok"),
    row(
        "about-order", "a short piece on an order", article("Сайт заблокирован по решению суда: что дальше", 120), "ok"
    ),
]
