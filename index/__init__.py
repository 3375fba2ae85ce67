"""Chunks in, ranked Hits out: vectors in FAISS and BM25, fused."""

import os

# The matrices of a search are small: BLAS threads that wait for one another cost twice as much as the work itself.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy reads it when it is first imported
