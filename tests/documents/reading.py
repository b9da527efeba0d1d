"""Reads what was written: the tags and the words of a page, and of Markdown once it is one."""

from html.parser import HTMLParser

import markdown as python_markdown


class Page(HTMLParser):
    """The tags, attributes and words of HTML."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, "tags are not closed in order"
        if tag not in ("strong", "cite", "em", "code"):
            self.texts.append(" ")

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.texts.append(data)

    @property
    def words(self) -> list[str]:
        """The words that a reader sees."""
        return "".join(self.texts).split()


def page_of_markdown(text: str) -> Page:
    """Markdown as a page, by a reader of Markdown that is not ours."""
    return Page(python_markdown.markdown(text, extensions=["tables", "sane_lists"], tab_length=2))
