"""RecogniseMentions: weapons, states, quantities, dates and places. The whole of it is in ``mentions``."""
