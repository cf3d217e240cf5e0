"""Notices, parking pages, takeovers, logins and teasers in words that no list holds; and short live pages."""

from __future__ import annotations

from tests.loopback.web import Answer
from tests.loopback.web_behaviours import everywhere, home, redirect, site
from tests.loopback.web_pages import article, bare, page, prose
from tests.resolve.judge.rows import STORY, Row, row

_NGO = page("Searches in March | Vesna", "<h1>Searches in March</h1>" + prose(500, "vesna"))


def _gone(name: str, says: str, title: str, text: str) -> Row:
    """One short page for every address that speaks of something missing."""
    return row(name, says, everywhere(bare(title, text)), "soft-404", broken=True)


def _untold(name: str, says: str, title: str, text: str) -> Row:
    """One short page for every address, of which nobody can tell what it is for."""
    return row(name, says, everywhere(bare(title, text)), "blocked", detail="one-for-all")


def _sold(name: str, title: str, text: str) -> Row:
    return row(name, f"for sale or parked: {title}", everywhere(bare(title, text)), "parked", broken=True)


def _taken(name: str, title: str, words: str) -> Row:
    body = page(title, f"<h1>{title}</h1>" + f"<p>{words}</p>" * 25)
    return row(name, f"a rights group's page, now: {title}", everywhere(body), "hijacked", broken=True, copy=_NGO)


def _geo(name: str, title: str, text: str) -> Row:
    return row(name, f"not in this country: {title}", everywhere(bare(title, text)), "geo-blocked")


def _teaser(name: str, language: str, notice: str) -> Row:
    body = page("Water", f"<h1>Water</h1>{prose(40, name)}<p>{notice}</p>", language=language)
    return row(name, f"a teaser and a notice in {language}", body, "paywall")


def _login(name: str, says: str, text: str, status: int = 200) -> Row:
    return row(name, says, everywhere(Answer(status, bare("Forum", text))), "login-required")


def _short(name: str, says: str, title: str, text: str) -> Row:
    return row(name, says, page(title, f"<h1>{title}</h1><p>{text}</p>"), "ok")


ROWS: list[Row] = [
    _gone("thread", "a forum's notice", "Board message", "Invalid thread. Please tell the administrator of it."),
    _gone("diary", "a diary's notice", "Журнал удалён", "Этот журнал был удалён его владельцем."),
    _gone("lapsed", "an account that lapsed", "Website expired", "This account has expired. Are you the owner?"),
    _gone("tomcat", "a server's greeting", "Apache Tomcat", "If you see this page, it is successfully installed."),
    _untold("shut-shop", "a shop that is shut", "Shop", "Sorry, this shop is away for a while."),
    _untold("odd-notice", "a notice that says nothing", "Attention", "Your account manager will contact this site."),
    row(
        "lead-and-list",
        "a line on a missing page over the day's stories",
        site({"/": home()}, Answer(body=page("Post", f"<h1>Oops</h1><p>This page is no longer here.</p>{prose(350)}"))),
        "soft-404",
        broken=True,
    ),
    _sold("sale-be", "Дамен прадаецца", "Гэты дамен прадаецца."),
    _sold("sale-lv", "Domēns tiek pārdots", "Šis domēns ir pārdošanā."),
    _sold("sale-ar", "النطاق معروض للبيع", "اشتر هذا النطاق"),
    _sold("sale-fa", "دامنه به فروش می‌رسد", "این دامنه به فروش می‌رسد"),
    _sold("new-fr", "Félicitations", "Votre domaine a bien été créé."),
    _sold("new-en", "herald.test", "This domain is parked for free, courtesy of Dynadot. Coming soon."),
    row(
        "refresh-parked",
        "sent by a refresh to a parking page",
        site({STORY: bare("", "", head='<meta http-equiv="refresh" content="0;url=http://ww1.refresh-parked.test/">')}),
        "parked",
        broken=True,
        also={
            "ww1.refresh-parked.test": everywhere(bare("This domain is for sale", "", attributes=" data-adblockkey=x"))
        },
    ),
    _taken("taken-th", "สล็อตเว็บตรง", "สล็อต คาสิโนออนไลน์ บาคาร่า"),
    _taken("taken-zh", "澳门赌场", "赌场 博彩 真人百家乐 老虎机"),
    _taken("taken-vi", "Nhà cái uy tín", "nhà cái casino trực tuyến cá cược bóng đá"),
    row(
        "copies-shop",
        "another owner's shop, in Japanese",
        redirect("http://copies-of-brands.test/"),
        "hijacked",
        broken=True,
        also={
            "copies-of-brands.test": everywhere(page("ブランドコピー通販", "<h1>通販</h1><p>激安 通販 送料無料</p>"))
        },
    ),
    _geo("abroad-pl", "Niestety", "Materiał nie jest dostępny w Twoim kraju."),
    _geo("abroad-lt", "Deja", "Šis turinys jūsų šalyje neprieinamas."),
    _geo("abroad-zh", "抱歉", "您所在的地区无法观看。"),
    _geo("abroad-us", "Sorry", "Our films can only be watched from within the country."),
    _teaser("teaser-limit", "en", "You’ve reached your limit of free articles."),
    _teaser("teaser-unlock", "en", "Subscribe to unlock this article."),
    _teaser("teaser-pl", "pl", "Dostęp tylko dla prenumeratorów."),
    _teaser("teaser-de", "de", "Mit Herald Plus weiterlesen."),
    _login("members", "for members alone", "You must be logged in to view this page.", 403),
    _login("members-ru", "for members alone, in Russian", "Войдите, чтобы увидеть эту тему."),
    row(
        "alibaba", "a script that sets a cookie", everywhere(bare("", "<script>var n='acw_sc__v2'</script>")), "blocked"
    ),
    # short live pages with such words
    _short("hours", "opening hours", "Hours", "Daily from nine. Please ring; access by the yard."),
    _short("statement", "a statement", "Statement", "We are sorry for the error on our page of yesterday."),
    _short(
        "host-ad", "a hosting company's offer", "Plans", "Hosting from two crowns. Your domain is registered with us."
    ),
    _short("stub", "a stub", "Gumno", "A threshing floor that no longer exists."),
    _short("shop-short", "an article that is out of stock", "Meter W-15", "The long one is no longer available."),
    _short("ticket", "a bug's entry", "Bug 4711", "Page not found after login. Status: open."),
    _short("release", "notes on a release", "Version 2.1", "Mended: server error on the login page."),
    _short("border", "how to travel", "The border", "Access from your country is by train."),
    _short("poem", "a poem", "Error", "An error in the snow, a door, a page that nobody will know."),
    _short("branch", "an office that moved", "Our office", "This office no longer exists. Please visit the new one."),
    _short("amends-pl", "amends, in Polish", "Sprostowanie", "Przepraszamy za błąd na stronie 3 gazety."),
    _short("amends-zh", "amends, in Chinese", "更正", "昨日第三版页面有错误，特此更正。"),
    _short("plus", "a magazine's name", "Herald Plus", "Founded in 1990. Subscribers: 900."),
    row("domain-news", "news of a domain", article("Domain parked for free: a court decides", 140), "ok"),
    row(
        "login-news",
        "news of logins",
        article("You must be logged in to view: parliament hides its minutes", 140),
        "ok",
    ),
]
