"""ReadArticles: from a page to a clean article, and from many copies of one text to one story."""

from transforms.read.article import Unreadable, given_article, read_page, warm_up
from transforms.read.stories import assign_story

__all__ = ["Unreadable", "assign_story", "given_article", "read_page", "warm_up"]
