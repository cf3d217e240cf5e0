"""Bot walls by vendor, and live pages that carry the vendors' marks."""

from __future__ import annotations

from tests.loopback.web import Answer
from tests.loopback.web_behaviours import everywhere, redirect, site
from tests.loopback.web_pages import article, bare, page, prose
from tests.resolve.judge.rows import STORY, Row, row


def _wall(
    name: str, says: str, status: int, title: str, text: str = "", *headers: tuple[str, str], source: str = ""
) -> Row:
    return row(name, says, everywhere(Answer(status, bare(title, text, head=source), headers)), "blocked")


_CHALLENGE = "<script>window._cf_chl_opt={cType:'managed'}</script>"
_CF = ("server", "cloudflare")
_MITIGATED = ("cf-mitigated", "challenge")
_JSD = '<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>'

ROWS: list[Row] = [
    _wall("cloudflare", "a managed challenge", 403, "Just a moment...", _CHALLENGE, _CF, _MITIGATED),
    _wall("cloudflare-503", "the same on 503", 503, "Just a moment...", _CHALLENGE, _CF),
    _wall("cloudflare-404", "the same on 404", 404, "Just a moment...", "", _CF, _MITIGATED),
    _wall("cloudflare-429", "the same on 429", 429, "Just a moment...", _CHALLENGE, _CF, _MITIGATED),
    _wall("cloudflare-200", "the same on 200", 200, "Just a moment...", _CHALLENGE, _CF),
    _wall("cloudflare-1020", "a rule forbids it", 403, "Attention Required! | Cloudflare", "Error code 1020", _CF),
    _wall(
        "ddos-guard",
        "a check of the browser",
        403,
        "DDoS-Guard",
        "",
        ("server", "ddos-guard"),
        source='<script src="/.well-known/ddos-guard/js-challenge/index.js"></script>',
    ),
    _wall("ddos-guard-200", "the same on 200", 200, "DDoS-Guard", "", ("server", "ddos-guard")),
    _wall(
        "qrator-401",
        "a script on 401",
        401,
        "",
        "",
        ("server", "QRATOR"),
        source='<script src="/__qrator/qauth.js"></script>',
    ),
    _wall("qrator-403", "a bare refusal", 403, "403", "", ("server", "QRATOR")),
    _wall(
        "variti",
        "a script and cookies",
        200,
        "",
        "",
        ("server", "Variti/0.9"),
        source="<script>document.cookie='__js_p_=1'</script>",
    ),
    _wall(
        "akamai",
        "a reference number",
        403,
        "Access Denied",
        "You don't have permission. Reference #18.2d1f. https://errors.edgesuite.net/18.2d",
        ("server", "AkamaiGHost"),
    ),
    _wall("perimeterx", "press and hold", 403, "Access to this page has been denied", '<div id="px-captcha"></div>'),
    _wall(
        "datadome",
        "a captcha in a frame",
        403,
        "herald.test",
        '<script src="https://ct.captcha-delivery.com/c.js"></script>',
        ("x-datadome", "protected"),
    ),
    _wall("imperva", "an incident number on 200", 200, "", '<iframe src="/_Incapsula_Resource?x=1"></iframe>'),
    _wall(
        "f5",
        "a support number on 200",
        200,
        "Request Rejected",
        "The requested URL was rejected. Please consult with your administrator. Your support ID is: 123",
    ),
    _wall(
        "aws-202",
        "a challenge on 202",
        202,
        "",
        "",
        ("x-amzn-waf-action", "challenge"),
        source="<script>window.awsWafCookieDomainList=[];</script>",
    ),
    _wall("aws-405", "a captcha on 405", 405, "Human Verification", "", ("x-amzn-waf-action", "captcha")),
    _wall("sucuri", "a firewall's page", 403, "Sucuri WebSite Firewall - Access Denied", "", ("x-sucuri-block", "x")),
    _wall("vercel", "a checkpoint on 429", 429, "Vercel Security Checkpoint", "", ("x-vercel-mitigated", "challenge")),
    _wall("anubis", "a proof of work", 200, "Making sure you're not a bot!", '<div id="anubis_challenge"></div>'),
    _wall("anubis-ru", "a proof of work, in Russian", 200, "Проверяем, что вы не бот!", ""),
    _wall("browser-check-ru", "a check, in Russian", 403, "Проверка браузера", "Подождите несколько секунд."),
    _wall("human", "a check without a vendor", 403, "Human Verification", "Please verify you are human."),
    _wall("denied", "a notice without a vendor", 403, "Access Denied", "Your request has been blocked."),
    row(
        "yandex",
        "sent to a captcha",
        site({STORY: redirect("/showcaptcha?retpath=x", 302), "/showcaptcha": bare("Вы не робот?", "Подтвердите.")}),
        "blocked",
    ),
    row(
        "google",
        "sent to a captcha",
        site(
            {
                STORY: redirect("/sorry/index?continue=x", 302),
                "/sorry/index": Answer(429, bare("Sorry", "unusual traffic")),
            }
        ),
        "blocked",
    ),
    row(
        "anubis-plain",
        "a proof of work for browsers, the page for honest programs",
        lambda asked: Answer(
            body=bare("Making sure you're not a bot!", "") if asked.browser else article("Open source", 500)
        ),
        "ok",
        requests=1,
    ),
    # live pages with the vendors' marks
    row(
        "behind-cloudflare",
        "an article behind Cloudflare",
        Answer(200, article("Rail link opens", 2000, head=_JSD), (_CF, ("cf-ray", "8f-FRA"))),
        "ok",
        requests=1,
    ),
    row("moment", "an article called “Just a moment...”", article("Just a moment...", 900), "ok", requests=1),
    row("denied-book", "a review of a book called “Access denied”", article("Access Denied", 600), "ok", requests=1),
    row(
        "robot-story",
        "an article on captchas",
        article("Are you a robot? The trade in captchas", 500),
        "ok",
        requests=1,
    ),
    row(
        "contact-form",
        "a page with a captcha in its form",
        page(
            "Write to us", prose(300) + '<form><script src="https://www.google.com/recaptcha/api.js"></script></form>'
        ),
        "ok",
        requests=1,
    ),
    row(
        "short-form",
        "a short page with a captcha in its form",
        page(
            "Write to us", "<h1>Write to us</h1>" + prose(60) + '<script src="https://hcaptcha.com/1/api.js"></script>'
        ),
        "ok",
    ),
    row(
        "vendor-cookies",
        "an article with five vendors' cookies",
        Answer(
            200,
            article(
                "Rail link opens again", 600, head='<script src="https://client.perimeterx.net/main.min.js"></script>'
            ),
            (
                ("set-cookie", "__ddg1_=x; path=/"),
                ("set-cookie", "datadome=x; path=/"),
                ("set-cookie", "visid_incap_1=x; path=/"),
                ("set-cookie", "_abck=x; path=/"),
                ("x-datadome", "protected"),
                ("x-iinfo", "1-2"),
                ("x-sucuri-id", "11"),
            ),
        ),
        "ok",
        requests=1,
    ),
    row(
        "guarded-404",
        "an honest 404 behind DDoS-Guard",
        everywhere(Answer(404, bare("Not found", "No such page."), (("server", "ddos-guard"),))),
        "not-found",
        broken=True,
    ),
    row(
        "cloudflare-404-own",
        "an honest 404 behind Cloudflare",
        everywhere(Answer(404, bare("Not found", "No such page."), (_CF, ("cf-ray", "8f-FRA")))),
        "not-found",
        broken=True,
    ),
    row(
        "cloudflare-522",
        "the origin is down",
        everywhere(Answer(522, bare("herald.test | 522: Connection timed out", "Error 522"), (_CF,))),
        "server-error",
    ),
    row(
        "f5-story",
        "an article that quotes F5",
        article(
            "Locked out", 500, extra="<p>The requested URL was rejected. Please consult with your administrator.</p>"
        ),
        "ok",
        requests=1,
    ),
]
