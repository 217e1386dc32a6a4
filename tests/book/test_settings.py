"""What the book's settings switch on, and only they: absolute addresses, and buttons that lead out.

A tiny book is built twice with the book's own settings and extension: as nobody has published it,
and with an address and a repository.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from pages import BUILT, ROOT, name, pages

SITE, REPOSITORY = "https://books.example/mirror", "https://github.com/someone/mirror"
BINDER = "https://mybinder.org/v2/gh/someone/mirror/main?urlpath=lab/tree/chapters/play.ipynb"
FIRST = "# A tiny book\n\nIt has a first page, and nothing else is asked of this sentence.\n"
PLAY = "# Play\n\nWith $x$.\n\n" + 30 * "Move it. "
CONTENTS = {"format": "jb-book", "root": "chapters/index", "chapters": [{"file": "chapters/play"}]}


def head(page):
    """The tags of a page's head that tell about it, as name -> content."""
    text = page.read_text("utf-8").partition("</head>")[0]
    tags = re.findall(r'<meta (?:name|property)="([^"]*)" content="([^"]*)"', text)
    canonical = re.findall(r'<link rel="canonical" href="([^"]*)"', text)
    return dict(tags) | ({"canonical": canonical[0]} if canonical else {})


def links_out(page):
    return set(re.findall(r'href="(https?://[^"]*)"', page.read_text("utf-8")))


@pytest.fixture(scope="module", params=[False, True], ids=["unpublished", "published"])
def tiny_book(request, tmp_path_factory):
    """Whether it is published, and the built pages of a book with two of them."""
    root = tmp_path_factory.mktemp("book")
    settings = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    settings["html"]["baseurl"] = SITE if request.param else ""
    settings["repository"]["url"] = REPOSITORY if request.param else ""
    (root / "chapters").mkdir()
    (root / "_ext").symlink_to(ROOT / "_ext")
    (root / "references.bib").touch()
    (root / "_config.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    (root / "_toc.yml").write_text(yaml.safe_dump(CONTENTS), encoding="utf-8")
    (root / "chapters/index.md").write_text(FIRST, encoding="utf-8")
    play = json.loads((ROOT / "chapters/mdp.ipynb").read_text("utf-8"))
    play["cells"] = [{"id": "all", "cell_type": "markdown", "metadata": {}, "source": PLAY}]
    (root / "chapters/play.ipynb").write_text(json.dumps(play), encoding="utf-8")
    program = Path(sys.executable).with_name("jupyter-book")
    build = [program, "build", "-q", "-W", "-n", root]
    done = subprocess.run(build, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return request.param, root / "_build" / "html" / "chapters"


def test_buttons_lead_to_a_repository_that_exists(tiny_book):
    published, built = tiny_book
    first, play = links_out(built / "index.html"), links_out(built / "play.html")
    if published:
        assert play - {f"{SITE}/chapters/play.html"} >= {BINDER, REPOSITORY}
        assert BINDER not in first and REPOSITORY in first
        assert all(a.startswith((REPOSITORY, SITE, BINDER)) for a in first | play)
    else:
        assert first | play == set()


def test_addresses_are_absolute_or_not_there(tiny_book):
    published, built = tiny_book
    for page in ("index", "play"):
        tags = head(built / f"{page}.html")
        if published:
            address = f"{SITE}/chapters/{page}.html"
            assert tags["canonical"] == tags["og:url"] == address
            assert tags["og:image"] == f"{SITE}/_static/card.png"
            assert tags["twitter:card"] == "summary_large_image"
        else:
            assert not {"canonical", "og:url", "og:image"} & set(tags)


def test_descriptions_are_first_paragraphs_in_whole_sentences(tiny_book):
    tags = [head(tiny_book[1] / f"{page}.html") for page in ("index", "play")]
    assert tags[0]["description"] == FIRST.split("\n")[2]
    assert tags[1]["description"] == (22 * "Move it. ").strip()
    assert [t["og:type"] for t in tags] == ["website", "article"]


@pytest.mark.parametrize("path", pages(), ids=name)
def test_page_tells_what_it_is(path):
    tags = head(path)
    assert tags["description"] == tags["og:description"]
    assert 40 < len(tags["description"]) <= 200
    assert not re.search(r"[\\$]", tags["description"])
    assert tags["og:title"] and tags["og:site_name"]


def test_chapters_are_described_each_in_its_own_words():
    said = [head(page)["description"] for page in pages() if page.parent.name == "chapters"]
    assert len(set(said)) >= len(said) - 1  # the list of references has no words of its own


def test_the_card_is_a_picture_of_the_promised_size():
    image = (BUILT / "_static" / "card.png").read_bytes()
    assert image[:8] == b"\x89PNG\r\n\x1a\n"
    assert [int.from_bytes(image[i : i + 4]) for i in (16, 20)] == [1200, 630]
    assert len(image) < 200_000
