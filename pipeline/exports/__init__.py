"""``tocsin export``: what the store holds, in the forms that other tools read (docs/exports.md).

Every writer takes an iterator of records and a binary stream and holds a bounded number of records at a time.
"""
