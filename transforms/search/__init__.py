"""Search over the register: a query language for people, one typed query for every store, and what it is matched on.

``parse`` makes a :class:`~transforms.search.query.Query` from what a person writes; ``card`` makes what an event is
found by; ``match`` defines which cards a query finds and in which order. Both stores index the card as it is, so that
both find the same (docs/search.md).
"""
