"""The knowledge base: articles, their store, the engines that search them, matching and answering.

Importing this package loads nothing heavy; take what is needed from its modules.
"""

__version__ = "0.1.0"
