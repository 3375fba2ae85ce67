"""The chat page: questions, answers, the evidence beside them."""
