"""Chunks in, ranked Hits out: vectors in FAISS and BM25, fused."""
