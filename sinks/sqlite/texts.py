"""Articles and their claims."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from sinks.sqlite.base import Base, chunks, marks
from transforms.codec import decode, encode
from transforms.records import Article, Claim


class Texts(Base):
    """The part of the contract under "articles and claims"."""

    def put_articles(self, articles: Sequence[Article]) -> None:
        """See :meth:`Store.put_articles`."""
        with self._connections.write() as connection:
            connection.executemany(
                "INSERT INTO articles (id, revision, body) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE"
                " SET revision = excluded.revision, body = excluded.body WHERE excluded.revision >= articles.revision",
                [(article.id, article.revision, encode(article)) for article in articles],
            )

    def articles(self, ids: Collection[str]) -> Mapping[str, Article]:
        """See :meth:`Store.articles`."""
        return {row[0]: decode(Article, row[1]) for row in self._by_id("articles", "body", ids)}

    def iter_articles(self) -> Iterator[Article]:
        """See :meth:`Store.iter_articles`."""
        return (decode(Article, row[1]) for row in self._pages("articles", "body"))

    def put_claims(self, article: str, claims: Sequence[Claim]) -> None:
        """See :meth:`Store.put_claims`."""
        self.put_claims_of({article: claims})

    def put_claims_of(self, claims: Mapping[str, Sequence[Claim]]) -> None:
        """See :meth:`Store.put_claims_of`; here one transaction."""
        rows = [
            (claim.id, article, ordinal, encode(claim))
            for article, own in claims.items()
            for ordinal, claim in enumerate(own)
        ]
        with self._connections.write() as connection:
            connection.executemany("DELETE FROM claims WHERE article = ?", [(article,) for article in claims])
            connection.executemany(
                "INSERT OR REPLACE INTO claims (id, article, ordinal, body) VALUES (?, ?, ?, ?)", rows
            )

    def claims(self, articles: Collection[str]) -> Mapping[str, Sequence[Claim]]:
        """See :meth:`Store.claims`."""
        found: dict[str, list[Claim]] = {article: [] for article in articles}
        for chunk in chunks(articles):
            query = f"SELECT article, body FROM claims WHERE article IN ({marks(chunk)}) ORDER BY article, ordinal"
            for article, body in self._connections.get().execute(query, chunk):
                found[article].append(decode(Claim, body))
        return found

    def iter_claims(self) -> Iterator[Claim]:
        """See :meth:`Store.iter_claims`."""
        return (decode(Claim, row[1]) for row in self._pages("claims", "body"))
