"""Public question-passage pairs in, a small reranker over figures of their match out."""
