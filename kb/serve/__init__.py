"""The faces that stay open: what answers browsers, programs and agents from one opened home."""
