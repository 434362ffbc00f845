"""The command line, the configuration, the graph and the runners."""
