"""The subcommands: options in, one call into the module that does the work, output for people."""
