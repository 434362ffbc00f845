"""``tocsin browse``: Datasette over the embedded store, for reading only.

database.py opens the file and shows its views; plugin.py adds the search, the links and the pages of an event, an
article and the map; guard.py lets nothing but reading through; server.py binds it all to a port; metadata.yaml says
what each table and column is, and has the questions asked most.
"""

import os

# Read when Datasette is imported: it loads every plugin that is installed, and one that writes has no business here.
os.environ["DATASETTE_LOAD_PLUGINS"] = ""
