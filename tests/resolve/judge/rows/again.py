"""The same things in other clothes: more templates of pages that are gone, parked or walled."""

# ruff: noqa: E501  pages as they come over the wire

from __future__ import annotations

from tests.loopback.web import Answer
from tests.loopback.web_behaviours import everywhere, redirect, site
from tests.loopback.web_pages import bare, page, prose
from tests.resolve.judge.rows import STORY, Row, row

_ITEMS = "".join(
    f'<div class=card><a href="/item/{n}">Related product number {n} with a fine long name and price</a></div>'
    for n in range(60)
)


def framed(title: str, body: str, sections: int = 60) -> bytes:
    """A page in a frame of many sections."""
    links = "".join(f'<li><a href="/s/{n}">Раздел номер {n}</a></li>' for n in range(sections))
    return (
        f"<!doctype html><html><head><meta charset=utf-8><title>{title}</title></head><body>"
        f"<div class=header><ul class=menu>{links}</ul></div><div class=content>{body}</div>"
        "<div class=footer>© 2019 Редакция. Все права защищены. Телефон редакции.</div></body></html>"
    ).encode()


ROWS: list[Row] = [
    row(
        "framed-heading",
        "a heading in a site's frame of links, while invented addresses are refused honestly",
        framed("Старонка не знойдзена — Навіны", "<h1>Старонка не знойдзена</h1>"),
        "soft-404",
        broken=True,
    ),
    row(
        "soft404-with-big-nav-h2-phrase-i",
        "soft404 with big nav, h2 phrase in div",
        everywhere(
            framed(
                "Новости района", "<div class=error-title>Страница не найдена</div><p>Возможно, она была удалена.</p>"
            )
        ),
        "soft-404",
        broken=True,
    ),
    row(
        "h1-404-p-sentence-site-title",
        "h1 404, p sentence, site title",
        everywhere(framed("Herald", "<h1>404</h1><p>Sorry, the page you are looking for could not be found.</p>", 20)),
        "soft-404",
        broken=True,
    ),
    row(
        "removed-item-notice-in-p-under-p",
        "removed item notice in p under product h1",
        everywhere(
            framed(
                "Samsung TV | Shop",
                "<h1>Samsung TV 40</h1><p class=notice>This item is no longer available.</p>" + _ITEMS,
                10,
            )
        ),
        "soft-404",
        broken=True,
    ),
    row(
        "same-but-honest-sibling",
        "same but honest sibling",
        framed(
            "Samsung TV | Shop",
            "<h1>Samsung TV 40</h1><p class=notice>This item is no longer available.</p>" + _ITEMS,
            10,
        ),
        "soft-404",
        broken=True,
    ),
    row(
        "tiny-plain-text",
        "tiny plain text",
        Answer(200, b"Error: article id not found", (("Content-Type", "text/plain"),)),
        "soft-404",
        broken=True,
    ),
    row(
        "json-error-200",
        "json error 200",
        everywhere(Answer(200, b'{"error":"Not found"}', (("Content-Type", "application/json"),))),
        "soft-404",
        broken=True,
    ),
    row(
        "suspendedpage-cgi-redirect",
        "suspendedpage.cgi redirect",
        site(
            {
                STORY: redirect("/cgi-sys/suspendedpage.cgi", 302),
                "/cgi-sys/suspendedpage.cgi": bare(
                    "Account Suspended",
                    "This Account has been suspended. Contact your hosting provider for more information.",
                ),
            }
        ),
        "soft-404",
        broken=True,
    ),
    row(
        "suspended-sentence",
        "suspended sentence",
        everywhere(
            b"<html><head><title>example.com</title></head><body><h2>This Account has been suspended.</h2>Contact your hosting provider for more information.</body></html>"
        ),
        "soft-404",
        broken=True,
    ),
    row(
        "nginx-default",
        "nginx default",
        everywhere(
            b"<html><head><title>Welcome to nginx!</title></head><body><h1>Welcome to nginx!</h1><p>If you see this page, the nginx web server is successfully installed and working. Further configuration is required.</p></body></html>"
        ),
        "soft-404",
        broken=True,
    ),
    row(
        "apache-default",
        "apache default",
        everywhere(
            b"<html><head><title>Apache2 Ubuntu Default Page: It works</title></head><body>"
            + b"<p>This is the default welcome page used to test the correct operation of the Apache2 server after installation.</p>"
            * 8
            + b"</body></html>"
        ),
        "soft-404",
        broken=True,
    ),
    row(
        "iis",
        "iis",
        everywhere(b"<html><head><title>IIS Windows Server</title></head><body><img src=iisstart.png></body></html>"),
        "soft-404",
        broken=True,
    ),
    row(
        "maintenance-en",
        "maintenance en",
        everywhere(bare("Site under maintenance", "We will be back soon.")),
        "server-error",
    ),
    row(
        "maintenance-combo",
        "maintenance combo",
        everywhere(bare("Сайт на реконструкции / Under maintenance", "...")),
        "server-error",
    ),
    row(
        "maintenance-with-domain-title",
        "maintenance with domain title",
        everywhere(
            b"<html><head><title>site.test</title></head><body><div>We are currently performing scheduled maintenance. Please check back soon.</div></body></html>"
        ),
        "server-error",
    ),
    row(
        "parked-js-window-location",
        "parked js window.location",
        everywhere(
            b'<!DOCTYPE html><html><head></head><body><script>window.onload=function(){window.location.href="/lander"}</script></body></html>'
        ),
        "parked",
        broken=True,
    ),
    row(
        "parkingcrew-script-only-tiny",
        "parkingcrew script only tiny",
        everywhere(
            b'<html><head><script src="https://d1.parkingcrew.net/track.php"></script></head><body></body></html>'
        ),
        "parked",
        broken=True,
    ),
    row(
        "bodis",
        "bodis",
        everywhere(
            b'<html data-adblockkey="x"><head><title>x.test</title></head><body><script src="https://parking.bodiscdn.com/a.js"></script></body></html>'
        ),
        "parked",
        broken=True,
    ),
    row(
        "for-sale-all-identical-single-ph",
        "for sale, all identical, single phrase",
        everywhere(bare("x.test", "The domain x.test is for sale. Make an offer.")),
        "parked",
        broken=True,
    ),
    row(
        "reg-ru",
        "reg.ru",
        everywhere(
            "<html><head><title>Домен x.ru</title></head><body><h1>Срок регистрации домена истёк</h1><p>Если вы владелец, продлите домен.</p></body></html>".encode()
        ),
        "parked",
        broken=True,
    ),
    row(
        "ddosguard-200",
        "ddosguard 200",
        everywhere(
            Answer(
                200,
                b"<html><head><title>DDoS-Guard</title><script src=/.well-known/ddos-guard/check></script></head><body><h1>Checking your browser</h1></body></html>",
                (("Server", "ddos-guard"), ("Set-Cookie", "__ddg1_=x")),
            )
        ),
        "blocked",
    ),
    row(
        "imperva-iframe",
        "imperva iframe",
        everywhere(
            b'<html><head><META NAME="robots" CONTENT="noindex,nofollow"></head><body><iframe src="/_Incapsula_Resource?SWUDNSAI=9&incident_id=1" frameborder=0>Request unsuccessful. Incapsula incident ID: 1</iframe></body></html>'
        ),
        "blocked",
    ),
    row(
        "aws",
        "aws",
        everywhere(
            Answer(
                202,
                b'<html><head></head><body><script>window.awsWafCookieDomainList=[];</script><script src="https://x.token.awswaf.com/challenge.js"></script></body></html>',
                (("x-amzn-waf-action", "challenge"),),
            )
        ),
        "blocked",
    ),
    row(
        "wall-body-200w-title-only",
        "wall body 200w, title only",
        everywhere(
            bare(
                "Attention Required! | Cloudflare",
                "Sorry, you have been blocked. You are unable to access h.test. "
                + "Why have I been blocked? This website is using a security service to protect itself. " * 5,
            )
        ),
        "blocked",
    ),
    row(
        "login-all-paths-with-title-of-si",
        "login all paths with title of site",
        everywhere(
            framed(
                "Портал",
                "<form><label>Логин</label><input name=l><input type=password name=p><button>Войти</button></form>",
                5,
            )
        ),
        "login-required",
    ),
    row(
        "paywall-teaser-json-ld-array",
        "paywall teaser json-ld array",
        everywhere(
            page(
                "Exports",
                prose(180)
                + '<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","isAccessibleForFree":"False","hasPart":{"@type":"WebPageElement","isAccessibleForFree":"False","cssSelector":".paywall"}}</script>',
            )
        ),
        "paywall",
    ),
    row(
        "geo-eea-tiny",
        "geo eea tiny",
        everywhere(
            Answer(
                451,
                b"451: Unavailable due to legal reasons. We recognize you are attempting to access this website from a country belonging to the European Economic Area (EEA).",
            )
        ),
        "geo-blocked",
    ),
]
