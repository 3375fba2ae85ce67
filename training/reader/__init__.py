"""Public questions with their answers in, a small network that tells which sentence answers, or that none does, out."""
