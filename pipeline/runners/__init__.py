"""Jobs without an end on other engines than the in-process one: how they are submitted, watched and begun anew."""
