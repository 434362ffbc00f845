"""ReadArticles: from a page to a clean article, and from many copies of one text to one story."""

from transforms.read.article import Unreadable, given_article, read_page

__all__ = ["Unreadable", "given_article", "read_page"]
