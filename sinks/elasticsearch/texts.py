"""Articles and the claims read from them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from sinks.elasticsearch.base import Base
from sinks.elasticsearch.buckets import Buckets
from sinks.elasticsearch.bulk import Action, as_json
from sinks.elasticsearch.documents import article_document, article_of, claim_document, record
from sinks.elasticsearch.versions import document_id
from transforms.records import Article, Claim

_ARTICLES, _CLAIMS = "articles", "claims"


class Texts(Base):
    """The part of the contract under "articles and claims"."""

    def put_articles(self, articles: Sequence[Article]) -> None:
        """See :meth:`Store.put_articles`. The revision is the external version: a conflict means that the stored one
        is newer, which is what was wanted. Raises Rejected for those the index refuses, once the rest has landed."""
        newest: dict[str, Article] = {}
        for article in articles:
            if article.id not in newest or newest[article.id].revision <= article.revision:
                newest[article.id] = article
        alias, now = self.reader.alias(_ARTICLES), self.clock()
        actions = (
            Action(
                index=alias,
                id=document_id(article.id),
                document=as_json(article_document(article, now)),
                version=article.revision,
            )
            for article in newest.values()
        )
        self._landed(self.bulk.write(actions, doing="write articles"), "articles")

    def articles(self, ids: Collection[str]) -> Mapping[str, Article]:
        """See :meth:`Store.articles`."""
        return {id: article_of(found["_source"]) for id, found in self.reader.many(_ARTICLES, ids).items()}

    def iter_articles(self) -> Iterator[Article]:
        """See :meth:`Store.iter_articles`."""
        return self._all(_ARTICLES, {"match_all": {}}, article_of, ["tocsin", "title", "body"])

    def put_claims(self, article: str, claims: Sequence[Claim]) -> None:
        """See :meth:`Store.put_claims`."""
        self.put_claims_of({article: claims})

    def put_claims_of(self, claims: Mapping[str, Sequence[Claim]]) -> None:
        """See :meth:`Store.put_claims_of`.

        The list of an article's claims decides, the claims' own documents are found by it. New claims are written
        before the list names them, and old ones removed after it no longer does; until that is done it remembers them
        as *stale*, so that a replay removes what a crash left.
        """
        buckets, alias, now = Buckets(self.reader, self.bulk), self.reader.alias(_CLAIMS), self.clock()
        wanted = {article: {claim.id: claim for claim in own} for article, own in claims.items()}
        while wanted:
            listed = buckets.read("claims", wanted)
            wanted = {article: own for article, own in wanted.items() if own or listed[article][0]}
            actions = {
                id: Action(index=alias, id=document_id(id), document=as_json(claim_document(claim, article, now)))
                for article, own in wanted.items()
                for id, claim in own.items()
            }
            self._landed(self.bulk.write(actions.values(), doing="write claims"), "claims")
            stale = {article: [id for id, _ in listed[article][0] if id not in own] for article, own in wanted.items()}
            members = {
                article: [[id, "claim"] for id in own] + [[id, "stale"] for id in stale[article]]
                for article, own in wanted.items()
            }
            changed = {id: (own, listed[id][1]) for id, own in members.items() if own != listed[id][0]}
            conflicts = set(buckets.write_many("claims", changed, now))
            gone = {id for article, ids in stale.items() if article not in conflicts for id in ids} - actions.keys()
            removals = [Action(index=alias, id=document_id(id), op="delete") for id in sorted(gone)]
            self.bulk.write(removals, doing="remove claims of an earlier revision")
            wanted = {article: own for article, own in wanted.items() if article in conflicts}

    def claims(self, articles: Collection[str]) -> Mapping[str, Sequence[Claim]]:
        """See :meth:`Store.claims`."""
        listed = Buckets(self.reader, self.bulk).read("claims", articles)
        ids = {article: [id for id, state in members if state == "claim"] for article, (members, _) in listed.items()}
        found = self.reader.many(_CLAIMS, [id for own in ids.values() for id in own], "tocsin")
        return {
            article: [record(Claim, found[id]["_source"]) for id in own if id in found] for article, own in ids.items()
        }

    def iter_claims(self) -> Iterator[Claim]:
        """See :meth:`Store.iter_claims`."""
        return self._all(_CLAIMS, {"match_all": {}}, lambda source: record(Claim, source))
