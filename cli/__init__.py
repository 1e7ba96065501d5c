"""The `kbfix` command: arguments in, one library call, words or JSON out."""
