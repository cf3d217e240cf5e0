"""The same things in other clothes: more templates of frames, redirects, refusals and live pages."""

# ruff: noqa: E501  pages as they come over the wire

from __future__ import annotations

from tests.loopback.web import Answer
from tests.loopback.web_behaviours import everywhere, hangs, home, redirect, site
from tests.loopback.web_pages import article, bare, page, prose
from tests.resolve.judge.rows import STORY, Row, row
from tests.resolve.judge.rows.again import framed

ROWS: list[Row] = [
    row(
        "live-article-short-news-150-word",
        "live article short news 150 words no marks",
        article("Two cars collide on the ring road", 150),
        "ok",
    ),
    row("live-article-60-words", "live article 60 words", article("Ferry back in service", 50), "ok", requests=1),
    row(
        "live-500-word-article-with-relat",
        "live 500-word article with related links, heavy nav",
        framed("Bridge | H", "<h1>Bridge</h1>" + prose(500), 200),
        "ok",
        requests=1,
    ),
    row(
        "article-where-first-para-standal",
        "article where first para standalone says not available in court doc",
        article("Shops hide stock", 500, extra="<blockquote>This item is no longer available.</blockquote>"),
        "ok",
    ),
    row(
        "spa-shell-everywhere-with-nav-te",
        "SPA shell everywhere with nav text",
        everywhere(
            b'<html><head><title>Portal</title></head><body><header>Home News Sports Weather Contact</header><div id="app"></div><noscript>Please enable JavaScript</noscript><script src=/app.js></script></body></html>'
        ),
        "js-shell",
    ),
    row(
        "next-shell-loading",
        "next shell loading",
        everywhere(
            b'<html><head><title>Portal</title></head><body><div id="__next"><div class=spinner>Loading...</div></div><script src=/app.js></script></body></html>'
        ),
        "js-shell",
    ),
    row(
        "x-style",
        "x style",
        everywhere(
            b"<html><head><title>X</title></head><body><div>JavaScript is not available. We've detected that JavaScript is disabled in this browser. Please enable JavaScript or switch to a supported browser to continue.</div><script src=a></script></body></html>"
        ),
        "js-shell",
    ),
    row(
        "home-canonical-og-url-only-wrong",
        "home canonical og:url only wrong on long live article",
        article("Live piece", 700, head='<link rel="canonical" href="/">'),
        "ok",
    ),
    row(
        "404-with-sibling-200",
        "404 with sibling 200",
        site({STORY: Answer(404, bare("Not found", ""))}, Answer(body=home())),
        "not-found",
        broken=True,
    ),
    row(
        "wordpress-nothing-found",
        "wordpress 'Nothing found'",
        everywhere(
            framed(
                "Page not found &#8211; Town Blog",
                "<h1>Oops! That page can&rsquo;t be found.</h1><p>It looks like nothing was found at this location. Maybe try a search?</p>",
                30,
            )
        ),
        "soft-404",
        broken=True,
    ),
    row(
        "bitrix",
        "bitrix",
        everywhere(framed("404 Not Found", "<h1>Карта сайта</h1><p>" + "раздел " * 100 + "</p>", 30)),
        "soft-404",
        broken=True,
    ),
    row(
        "search-like-page",
        "search-like page 'По вашему запросу ничего не найдено'",
        everywhere(framed("Новости", "<h1>Новости</h1><p>По вашему запросу ничего не найдено.</p>", 30)),
        "soft-404",
        broken=True,
    ),
    row(
        "meta-refresh-to-home",
        "meta refresh to home",
        site({STORY: bare("", "", head='<meta http-equiv="refresh" content="3;url=/">'), "/": home()}),
        "soft-404",
        broken=True,
    ),
    row(
        "redirect-http-to-https-then-home",
        "redirect http to https then home",
        site({"/": home()}, redirect("/", 301)),
        "soft-404",
        broken=True,
    ),
    row(
        "p-123",
        "/?p=123 -> /",
        site({"/?p=1234": redirect("/", 301), "/": home()}),
        "soft-404",
        broken=True,
        path="/?p=1234",
    ),
    row("403-everywhere-incl-home", "403 everywhere incl home", everywhere(Answer(403, b"Forbidden")), "blocked"),
    row(
        "text-fragment-range",
        "text fragment range",
        article("Manual", 300, extra="<p>The old ferry sank quickly in the harbour at night.</p>"),
        "ok",
        path=STORY + "#:~:text=old%20ferry,harbour",
    ),
    row(
        "utf16-page",
        "utf16 page",
        Answer(
            200,
            "<html><head><title>Мост</title></head><body>".encode("utf-16") + prose(100, "a", "ru").encode("utf-16-le"),
            (("Content-Type", "text/html; charset=utf-16"),),
        ),
        "ok",
    ),
    row(
        "frameset",
        "frameset",
        b'<html><head><title>Old site</title></head><frameset cols="20%,80%"><frame src="/menu.htm"><frame src="/main.htm"></frameset></html>',
        "ok",
    ),
    row(
        "captcha-alone-page-smartcaptcha",
        "captcha alone page smartcaptcha",
        everywhere(
            Answer(
                200,
                '<html><head><title>Подтвердите, что запросы отправляли вы, а не робот</title></head><body><script src="https://smartcaptcha.yandexcloud.net/captcha.js"></script></body></html>'.encode(),
            )
        ),
        "blocked",
    ),
    row("kremlin-timeouts", "Kremlin timeouts", hangs(), "timeout"),
    row(
        "cloudflare-521",
        "cloudflare 521",
        everywhere(
            Answer(521, bare("h.test | 521: Web server is down", "Error code 521"), (("server", "cloudflare"),))
        ),
        "server-error",
    ),
    row(
        "akamai-with-errors-edgesuite",
        "akamai with errors.edgesuite",
        everywhere(
            Answer(
                403,
                b'<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD><BODY><H1>Access Denied</H1>You don\'t have permission to access "http&#58;&#47;&#47;h" on this server.<P>Reference&#32;&#35;18&#46;2d<P>https&#58;&#47;&#47;errors&#46;edgesuite&#46;net&#47;18</BODY></HTML>',
                (("Server", "AkamaiGHost"),),
            )
        ),
        "blocked",
    ),
    row(
        "301-to-unrelated-shop-deep",
        "301 to unrelated shop deep",
        lambda a: redirect("http://shoes-outlet.test/collections/sale"),
        "hijacked",
        broken=True,
        also={
            "shoes-outlet.test": everywhere(
                page(
                    "Shoes Outlet - free shipping",
                    "<h1>Sale</h1>" + "<p>Add to cart. Buy now with free shipping and best prices.</p>" * 20,
                )
            )
        },
    ),
    row(
        "301-to-unrelated-shop-home",
        "301 to unrelated shop home",
        lambda a: redirect("http://shoes-outlet2.test/"),
        "hijacked",
        broken=True,
        also={
            "shoes-outlet2.test": everywhere(
                page(
                    "Shoes Outlet - free shipping",
                    "<h1>Sale</h1>" + "<p>Add to cart. Buy now with free shipping and best prices.</p>" * 20,
                )
            )
        },
    ),
    row(
        "publisher-merged-deep-book-shop",
        "publisher merged, deep, book shop",
        lambda a: redirect("http://bigbooks.test/books/old-title"),
        "redirected",
        also={
            "bigbooks.test": everywhere(
                page("Old Title | Big Books", "<h1>Old Title</h1>" + prose(200) + "<p>Add to cart</p>")
            )
        },
    ),
]
