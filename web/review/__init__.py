"""How good the answers are: what people said of them, and the last evaluation."""
