"""Turns bytes into a PDF that is well formed: what stands on its pages, and where, the bytes choose."""

from __future__ import annotations

from atheris import FuzzedDataProvider

MAX_PAGES, MAX_SHOWN, MAX_LINKS, MAX_OUTLINES = 4, 40, 6, 3
# the numbers of the next marker and of the next note stand for {marker} and {note}
WORDS = (
    "{marker}", "{marker}", "[{marker}]", "{note}", "{note}", "{note}.", "[{note}]", "*", "\x86", "1", "2", "12", "(",
    ")", "-", "\xb2", "\x01", "https://a.example/", "http://b.exam", "ple/x-", "y_z.html", "www.c.example",
    "hxxp://d[.]example", "doi:10.1000/1", "A claim", "of 2020.", "Ibid.", "Notes", "References", "by Ann Lee",
    "3 May 2021", "and then some more words", "/", "?q=", "%20", ":", ";", "Report of the year",
)  # fmt: skip
SIZES = (12, 12, 12, 9, 9, 7, 6, 24, 1, 0, -10, 1000)
PLACES = ((72, 740), (72, 110), (72, 400), (320, 740), (0, 0), (-50, 900), (300, 30), (1e6, -1e6))
SCALES = ("12 0 0 12", "0 1 -1 0", "1 0 0 -1", "0 0 0 0", "1 0.3 0 1", "1e6 0 0 1e-6")
TARGETS = ("/Fit", "/XYZ 72 700 0", "/XYZ null null null", "/FitH 100", "/XYZ 0 -1 0")
ADDRESSES = ("https://a.example/", "https://a.example/x#fn1", "http://b.example/y", "mailto:a@b.example", "", "x:1")

FONTS = (
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /BaseEncoding /WinAnsiEncoding"
    " /Differences [1 /softhyphen] >> >>",
    "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 500 800] /FontMatrix [0.001 0 0 0.001 0 0] /FirstChar 49"
    " /LastChar 50 /Widths [350 350] /CharProcs << /one 3 0 R /two 3 0 R >> /Encoding << /Type /Encoding"
    " /Differences [49 /one /two] >> /Resources << >> >>",
)
FIGURE = "<< /Length 48 >>\nstream\n350 0 50 350 300 750 d1 50 350 250 400 re f     \nendstream"


class PdfWriter:
    """One PDF; objects 1 to 5 are the same in all. Words stand behind one another, or below, or somewhere else."""

    def __init__(self, choices: FuzzedDataProvider) -> None:
        self.choices = choices
        self.page_count = 1 + choices.ConsumeIntInRange(0, MAX_PAGES - 1)
        self.objects = ["", "", FIGURE, *FONTS]
        self.left, self.height, self.size = 72.0, 740.0, 12.0
        self.marker = self.note = 0

    def write(self) -> bytes:
        """The file."""
        pages = [self.add_page() for _ in range(self.page_count)]
        kids = " ".join(f"{page} 0 R" for page in pages)
        self.objects[1] = f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} /MediaBox [0 0 612 792] >>"
        outlines = self.add_outlines(pages)
        properties = self.add(f"<< /Title {self.choose_string()} /Author {self.choose_string()} >>")
        marked = "/MarkInfo << /Marked true >>" if self.choices.ConsumeBool() else ""
        self.objects[0] = f"<< /Type /Catalog /Pages 2 0 R /Outlines {outlines} 0 R {marked} >>"
        return assemble(self.objects, properties)

    def add(self, content: str) -> int:
        """Add an object; its number."""
        self.objects.append(content)
        return len(self.objects)

    def choose_number(self, highest: int) -> int:
        return self.choices.ConsumeIntInRange(0, highest)

    def add_page(self) -> int:
        self.left, self.height = PLACES[0]
        places: list[tuple[float, float]] = []
        operators = []
        for _ in range(self.choose_number(MAX_SHOWN)):
            operators.append(self.show())
            places.append((self.left, self.height))
        stream = "\n".join(operators)
        contents = self.add(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        links = [self.add_link(places or [(0.0, 0.0)]) for _ in range(self.choose_number(MAX_LINKS))]
        annotations = " ".join(f"{link} 0 R" for link in links)
        return self.add(
            f"<< /Type /Page /Parent 2 0 R /Rotate {90 * max(0, self.choose_number(9) - 7)} /Contents {contents} 0 R"
            f" /Annots [{annotations}] /Resources << /Font << /F 4 0 R /S 5 0 R >> >> >>"
        )

    def show(self) -> str:
        """The operators that show words, or draw a line."""
        move = self.choose_number(15)
        if move == 15:
            return f"{self.left} {self.height} m {self.left + 144} {self.height} l S"
        if move > 12:
            self.left, self.height = PLACES[self.choose_number(len(PLACES) - 1)]
        elif move > 4:
            self.left, self.height = 72.0, self.height - 14
        if move % 3 == 0:
            self.size = SIZES[self.choose_number(len(SIZES) - 1)]
        font = "/S" if self.choose_number(9) == 9 else "/F"
        rise = (5, -3, 0.4)[self.choose_number(2)] if move in (1, 2) else 0
        size = 7 if rise == 5 else self.size
        unusual = self.choose_number(19) - 14
        scale = SCALES[unusual] if unusual >= 0 else "1 0 0 1"
        words = self.choose_string()
        operators = f"BT {font} {size} Tf {rise} Ts {scale} {self.left} {self.height} Tm {words} Tj ET"
        self.left += 0.5 * size * (len(words) - 2) + (3 if move == 4 else 0)
        return operators

    def choose_string(self) -> str:
        words = [WORDS[self.choose_number(len(WORDS) - 1)] for _ in range(self.choose_number(4))]
        for index, word in enumerate(words):
            self.marker += "{marker}" in word
            self.note += "{note}" in word
            words[index] = word.replace("{marker}", str(self.marker)).replace("{note}", str(self.note))
        if self.choose_number(9) == 9:
            words.append(self.choices.ConsumeBytes(8).decode("latin-1"))
        text = " ".join(words).replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        return f"({text})"

    def add_link(self, places: list[tuple[float, float]]) -> int:
        """A link's annotation: to an address or a page, over some of the words."""
        left, bottom = places[self.choose_number(len(places) - 1)]
        right, top = left + self.choose_number(200) - 100, bottom + (12, 30, 0, -12, 700)[self.choose_number(4)]
        if self.choices.ConsumeBool():
            action = f"/A << /S /URI /URI ({ADDRESSES[self.choose_number(len(ADDRESSES) - 1)]}) >>"
        else:
            page = self.choose_number(self.page_count + 1) - 1
            action = f"/Dest [{page} {TARGETS[self.choose_number(len(TARGETS) - 1)]}]"
        quads = f"/QuadPoints [{left} {top} {right} {top} {left} {bottom} {right} {bottom}]"
        quads = quads if self.choices.ConsumeBool() else ""
        return self.add(f"<< /Type /Annot /Subtype /Link /Rect [{left} {bottom} {right} {top}] {action} {quads} >>")

    def add_outlines(self, pages: list[int]) -> int:
        """The outline; its entries may lead back to the first one."""
        first = len(self.objects) + 2
        count = self.choose_number(MAX_OUTLINES)
        root = self.add(f"<< /Type /Outlines /First {first} 0 R /Last {first} 0 R >>" if count else "<< >>")
        for index in range(count):
            following = first if self.choices.ConsumeBool() else first + min(index + 1, count - 1)
            title, place = self.choose_string(), f"{pages[0]} 0 R /Fit"
            self.add(f"<< /Title {title} /Parent {root} 0 R /Next {following} 0 R /Dest [{place}] >>")
        return root


def assemble(objects: list[str], properties: int) -> bytes:
    """The objects as a file with its cross-reference table (ISO 32000-1, 7.5)."""
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content.encode("latin-1"))
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\n" % (len(objects) + 1, properties)
    return bytes(out) + b"startxref\n%d\n%%%%EOF\n" % start
