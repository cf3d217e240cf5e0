"""Whose account an address on a platform belongs to."""

from urllib.parse import urlsplit

import pytest

from cite_audit.report.sources.channels import find_account

TOLD = [
    ("https://t.me/nexta_live/1", "t.me/nexta_live"),
    ("https://t.me/s/NEXTA_live?before=1", "t.me/nexta_live"),
    ("https://telegram.me/nexta_live", "t.me/nexta_live"),
    ("https://nexta_live.t.me/1", "t.me/nexta_live"),
    ("https://tgstat.ru/channel/@nexta_live/1", "t.me/nexta_live"),
    ("https://twitter.com/Reuters/status/1", "x.com/reuters"),
    ("https://mobile.twitter.com/Reuters", "x.com/reuters"),
    ("https://x.com/@Reuters", "x.com/reuters"),
    ("https://nitter.poast.example/Reuters/status/1", "x.com/reuters"),
    ("https://www.youtube.com/@DWNews/videos", "youtube.com/@dwnews"),
    ("https://www.youtube.com/channel/UCknLrEdhRCp1aegoMqRaCZg", "youtube.com/channel/ucknlredhrcp1aegomqraczg"),
    ("https://youtube.com/c/DWNews", "youtube.com/c/dwnews"),
    ("https://youtube.com/user/RussiaToday", "youtube.com/user/russiatoday"),
    ("https://m.facebook.com/bbcnews/posts/1", "facebook.com/bbcnews"),
    ("https://www.facebook.com/groups/minsk/permalink/1", "facebook.com/groups/minsk"),
    ("https://www.facebook.com/pages/Some-Page/12345", "facebook.com/12345"),
    ("https://www.facebook.com/profile.php?id=4", "facebook.com/4"),
    ("https://vk.com/lentaru", "vk.com/lentaru"),
    ("https://vk.com/wall-67991642_1", "vk.com/club67991642"),
    ("https://m.vk.com/video-1_2", "vk.com/club1"),
    ("https://vk.com/wall55_1", "vk.com/id55"),
    ("https://vk.com/@lentaru-article-name", "vk.com/lentaru"),
    ("https://ok.ru/group/500", "ok.ru/group/500"),
    ("https://www.instagram.com/svaboda.org/p/AbC/", "instagram.com/svaboda.org"),
    ("https://www.tiktok.com/@bbc/video/1", "tiktok.com/@bbc"),
    ("https://medium.com/@someone/title-1", "medium.com/@someone"),
    ("https://someone.medium.com/title-1", "medium.com/@someone"),
    ("https://medium.com/dfrlab/title-1", "medium.com/dfrlab"),
    ("https://someone.substack.com/p/title", "someone.substack.com"),
    ("https://open.substack.com/pub/someone/p/title", "someone.substack.com"),
    ("http://someone.blogspot.co.uk/2020/09/a.html", "someone.blogspot.com"),
    ("https://someone.wordpress.com/a", "someone.wordpress.com"),
    ("https://someone.livejournal.com/1.html", "someone.livejournal.com"),
    ("https://users.livejournal.com/someone/1.html", "someone.livejournal.com"),
    ("https://github.com/owner/repository", "github.com/owner"),
    ("https://owner.github.io/page", "github.com/owner"),
    ("https://bsky.app/profile/someone.bsky.social/post/1", "bsky.app/profile/someone.bsky.social"),
    ("https://rumble.com/c/Someone", "rumble.com/c/someone"),
    ("https://tgstat.ru/en/channel/@nexta_live/1", "t.me/nexta_live"),
    ("https://tlgrm.ru/channels/@nexta_live", "t.me/nexta_live"),
    ("https://web.telegram.org/k/#@nexta_live", "t.me/nexta_live"),
    ("tg://resolve?domain=nexta_live&post=1", "t.me/nexta_live"),
    ("https://twitter.com/intent/user?screen_name=Reuters", "x.com/reuters"),
    ("https://m.weibo.cn/u/1974576991", "weibo.com/u/1974576991"),
    ("https://vkvideo.ru/video-67991642_1", "vk.com/club67991642"),
    ("https://odysee.com/@Someone:fd/title:1", "odysee.com/@someone"),
    ("https://www.threads.net/@someone/post/1", "instagram.com/someone"),
    ("https://bsky.app/profile/newsroom.example/post/1", "newsroom.example"),
]


@pytest.mark.parametrize(("url", "key"), TOLD)
def test_an_address_tells_its_account(url: str, key: str) -> None:
    parts = urlsplit(url)
    found = find_account((parts.hostname or "").removeprefix("www."), parts.path, parts.query, parts.fragment)
    assert found is not None
    assert key in found.keys


SILENT = [
    "https://t.me/+AbCdEf123",
    "https://t.me/joinchat/AAAA",
    "https://t.me/c/1234567/8",
    "https://twitter.com/i/web/status/1",
    "https://twitter.com/search?q=a",
    "https://x.com/hashtag/minsk",
    "https://www.youtube.com/watch?v=Bg2hfda3nOE",
    "https://youtu.be/Bg2hfda3nOE",
    "https://yewtu.be/watch?v=Bg2hfda3nOE",
    "https://pic.twitter.com/AbCdEf",
    "https://pbs.twimg.com/media/AbCd.jpg",
    "https://web.telegram.org/k/#-1001",
    "https://www.youtube.com/shorts/Bg2hfda3nOE",
    "https://www.facebook.com/watch/?v=1",
    "https://www.instagram.com/p/AbCd/",
    "https://vk.com/away.php?to=1",
    "https://medium.com/p/abcdef",
    "https://www.substack.com/",
    "https://github.com/",
]


@pytest.mark.parametrize("url", SILENT)
def test_some_addresses_on_platforms_tell_no_account(url: str) -> None:
    parts = urlsplit(url)
    found = find_account((parts.hostname or "").removeprefix("www."), parts.path, parts.query, parts.fragment)
    assert found is not None
    assert (found.name, found.keys) == ("", ())


@pytest.mark.parametrize(
    "host", ["lenta.ru", "not-t.me.example", "mytwitter.com", "about.fb.com", "example.io", "localhost", ""]
)
def test_other_hosts_are_no_platforms(host: str) -> None:
    assert find_account(host, "/name/1") is None
