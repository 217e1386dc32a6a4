"""The explorers that stand in the book's chapters, one module a chapter."""
