"""``tocsin brief``: what the register learnt in a period, as one file that can be sent.

``select`` chooses the events and says why; ``build`` makes plain values of them (``model``); ``flows`` and ``timeline``
lay out the pictures; ``render`` fills the templates. All of it is a function of the events, their articles and a
period: no clock, no network, no store.
"""
